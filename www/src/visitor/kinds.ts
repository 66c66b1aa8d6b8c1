/** The kinds of events, by the numbers that the engine has for them; a page's own follow. */
export const EVENT_KINDS = [
  "like",
  "dislike",
  "rate",
  "view",
  "purchase",
  "skip",
  "cart",
  "uncart",
  "wishlist",
  "click",
  "impression",
  "search",
] as const;

/** All kinds of a page that names these itself. */
export const kindsOf = (own: object = {}): string[] => [...EVENT_KINDS, ...Object.keys(own)];
