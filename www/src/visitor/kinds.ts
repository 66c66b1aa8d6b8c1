/** The kinds of events, by the numbers that the engine has for them. */
export const EVENT_KINDS = ["like", "dislike", "rate", "view", "purchase", "skip"] as const;
