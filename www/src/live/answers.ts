// What hooks of all frameworks have in common: the recommender once it is there, and answers that stay true.

import type { Recommender } from "../api/recommender.js";
import type { Recommendation, RecommendOptions, SimilarOptions, VisitorEvent } from "../types.js";
import { borrow, type SharedOptions, type Source } from "./shared.js";

/**
 * The recommender of a page's part: once it is there, or why it is not.
 *
 * @example
 * ```ts
 * const wait = ({ recommender, error }: Supply) => !recommender && !error;
 * ```
 */
export interface Supply {
  recommender?: Recommender;
  error?: Error;
}

/** A supply that is being used. */
export interface Taken {
  /** Records as {@link Recommender.record}; before the model is there, as soon as it is. */
  record(events: VisitorEvent | VisitorEvent[]): Promise<void>;
  stop(): void;
}

/** Takes a recommender for as long as it is not stopped. */
export function take(source: Source, options: SharedOptions, tell: (supply: Supply) => void): Taken {
  const { recommender, giveBack } = borrow(source, options);
  let stopped = false;
  recommender.then(
    (recommender) => stopped || tell({ recommender }),
    (error: Error) => stopped || tell({ error }),
  );
  return {
    record: async (events) => (await recommender).record(events),
    stop: () => {
      stopped = true;
      giveBack();
    },
  };
}

/**
 * What a shelf shows.
 *
 * @example
 * ```ts
 * const empty = ({ items, status }: ShelfState) => status === "ready" && items.length === 0;
 * ```
 */
export interface ShelfState {
  /** The initial items at first; those of before while others are asked for. */
  items: Recommendation[];
  /** `loading` until the items answer the present question. */
  status: "loading" | "ready" | "failed";
  /** Why it failed; the next change tries again. */
  error?: Error;
  /** Of a placement's shelf: what its events name, so that it is credited. */
  id?: string;
}

/**
 * What a shelf asks.
 *
 * @example
 * ```ts
 * const question: ShelfQuestion = { count: 6, explain: true, initialItems: fromTheServer };
 * ```
 */
export interface ShelfQuestion extends RecommendOptions {
  /** The name of a placement, whose preset and rules count, too. */
  placement?: string;
  /** What is shown until the visitor's own items are there, such as what a server rendered: as many as `count`. */
  initialItems?: Recommendation[];
}

/**
 * How to find what is similar.
 *
 * @example
 * ```ts
 * const question: SimilarQuestion = { count: 4, by: "bought-together" };
 * ```
 */
export interface SimilarQuestion extends SimilarOptions {
  /** What is shown until the answer is there. */
  initialItems?: Recommendation[];
}

/** Puts a question to a recommender. */
export interface Ask {
  (recommender: Recommender): Promise<Pick<ShelfState, "items" | "id">>;
}

/** A question, what is shown before its answer, and what tells it from others: all members alike, it is the same. */
export interface Asked {
  ask: Ask | undefined;
  initial: Recommendation[] | undefined;
  parts: unknown[];
}

export function shelfAsked({ initialItems, placement, ...options }: ShelfQuestion = {}): Asked {
  const ask: Ask = async (recommender) =>
    placement === undefined
      ? { items: await recommender.recommend(options) }
      : recommender.shelf(placement, options).then(({ id, items }) => ({ id, items }));
  return { ask, initial: initialItems, parts: [placement, ...partsOf(options)] };
}

/** Without an item nothing is asked. */
export function similarAsked(
  item: string | string[] | undefined,
  { initialItems, ...options }: SimilarQuestion = {},
): Asked {
  const ask: Ask | undefined =
    item === undefined ? undefined : async (recommender) => ({ items: await recommender.similar(item, options) });
  return { ask, initial: initialItems, parts: [JSON.stringify(item), ...partsOf(options)] };
}

/** A function or a vector is the same while it is the same object; all else is compared by value. */
function partsOf({ vector, where, ...options }: RecommendOptions): unknown[] {
  const fixed = typeof where === "function" ? undefined : where;
  return [vector, typeof where === "function" ? where : undefined, JSON.stringify([options, fixed])];
}

/** What is shown before the first answer. */
export const initialState = (items: Recommendation[] = []): ShelfState => ({ items, status: "loading" });

/** What is shown while another question is asked. */
export const waiting = (state: ShelfState, initial: Recommendation[] | undefined): ShelfState =>
  state.status === "loading" && (!initial || initial === state.items)
    ? state
    : { items: initial ?? state.items, status: "loading" };

export const failed = ({ items }: ShelfState, error: Error): ShelfState => ({ items, status: "failed", error });
