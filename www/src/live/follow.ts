// Answers that stay true: asked again whenever they may be others.

import type { Recommender } from "../api/recommender.js";

/** Somebody who follows answers. */
export interface Following {
  /** Asks again; resolves when the answer was told. */
  refresh(): Promise<void>;
  /** Resolves when all that has changed so far was told. */
  settled(): Promise<void>;
  /** Nothing is told from here on. */
  stop(): void;
}

/** Asks at once, and again after each change. Changes during a question are followed by one more question, however many. */
export function follow<T>(
  recommender: Recommender,
  ask: (recommender: Recommender) => Promise<T>,
  tell: { answer: (answer: T) => void; error: (error: Error) => void },
): Following {
  let stopped = false;
  let stale = false;
  let asking: Promise<void> | undefined;

  const round = async (): Promise<void> => {
    while (stale && !stopped) {
      stale = false;
      try {
        const answer = await ask(recommender);
        if (!stopped) tell.answer(answer);
      } catch (error) {
        if (!stopped) tell.error(error as Error);
      }
    }
    asking = undefined;
  };
  const refresh = (): Promise<void> => {
    stale = true;
    return (asking ??= round());
  };
  const stopListening = recommender.on("change", () => void refresh());
  void refresh();
  return {
    refresh,
    settled: async () => asking,
    stop: () => {
      stopped = true;
      stopListening();
    },
  };
}
