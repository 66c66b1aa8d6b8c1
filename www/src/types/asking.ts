// What is asked of a recommender.

import type { Item, Recommendation } from "./catalog.js";

/**
 * What an item must have in a column of the catalogue; all that is given must hold.
 *
 * @example
 * ```ts
 * const recent: Condition = { min: 1990 };
 * const funny: Condition = { in: ["Comedy"], notIn: ["Horror"] };
 * ```
 */
export interface Condition {
  /** In a column of tags: at least one of these. */
  in?: string[];
  /** In a column of tags: none of these. */
  notIn?: string[];
  /** In a column of numbers: this or more. */
  min?: number;
  /** In a column of numbers: this or less. */
  max?: number;
}

/**
 * What to recommend.
 *
 * @example
 * ```ts
 * const options: RecommendOptions = {
 *   count: 12,
 *   explain: true,
 *   exclude: ["out-of-stock"],
 *   where: { year: { min: 1990 }, genres: { notIn: ["Horror"] } },
 *   diversity: 0.3,
 * };
 * ```
 */
export interface RecommendOptions {
  /** How many items; 10 unless set. */
  count?: number;
  /** How many of the best to leave out before them: `count` times the page's number. */
  offset?: number;
  /** Name the events that brought each item, see {@link Recommendation.because}. */
  explain?: boolean;
  /** A user vector of your own, of the model's `dim`, instead of the visitor's. */
  vector?: Float32Array;
  /** What becomes of ids in `only` and `boost` that the model does not know: `skip` (unless set) leaves them out, `error` refuses them. `exclude` always skips them. */
  unknown?: "error" | "skip";
  /** Ids of items to leave out, besides those that the visitor has events with. */
  exclude?: string[];
  /** The only items that may come back; all unless set. */
  only?: string[];
  /**
   * By column of the catalogue, what an item must have there. Or, the slow way, a function that says whether an item
   * may come back; it must always say the same of the same item, and cannot reach a worker.
   */
  where?: Record<string, Condition> | ((item: Item) => boolean);
  /** Multipliers of scores from 0.001 to 1000, by item and by column and tag. */
  boost?: { items?: Record<string, number>; tags?: Record<string, Record<string, number>> };
  /** By column and tag, how many items with the tag come back at most. */
  quota?: Record<string, Record<string, number>>;
  /** From 0 (unless set), by score alone, to 1: the more, the less alike the items are. */
  diversity?: number;
  /** Lets chance try what the visitor has not shown yet; the same seed gives the same ranking. */
  explore?: { seed: number; strength?: number };
}

/**
 * What counts as similar.
 *
 * @example
 * ```ts
 * const options: SimilarOptions = { count: 12, metric: "cosine" };
 * ```
 */
export interface SimilarOptions {
  /** How many items; 10 unless set. */
  count?: number;
  /** `cosine` (unless set) compares directions alone, `dot` favours popular items. */
  metric?: "cosine" | "dot";
}

/**
 * How to rank given items.
 *
 * @example
 * ```ts
 * const options: RankOptions = { explain: true };
 * ```
 */
export interface RankOptions {
  /** What becomes of ids that the model does not know: `error` (unless set) refuses them, `skip` leaves them out. */
  unknown?: "error" | "skip";
  /** Name the events that speak for each item. */
  explain?: boolean;
  /** A user vector of your own, of the model's `dim`, instead of the visitor's. */
  vector?: Float32Array;
}

/**
 * Which items of the catalogue.
 *
 * @example
 * ```ts
 * const second: ItemsOptions = { offset: 100, count: 100 };
 * ```
 */
export interface ItemsOptions {
  /** How many to leave out before them; none unless set. */
  offset?: number;
  /** How many; 100 unless set. */
  count?: number;
}

/**
 * How to search the catalogue.
 *
 * @example
 * ```ts
 * const options: SearchOptions = { count: 8 };
 * ```
 */
export interface SearchOptions {
  /** At most so many items; 10 unless set. */
  count?: number;
}
