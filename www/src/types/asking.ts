// What is asked of a recommender.

import type { Item, Recommendation } from "./catalog.js";
import type { EventKind } from "./visitor.js";

/**
 * What an item must have in a column of the catalogue; all that is given must hold.
 *
 * @example
 * ```ts
 * const recent: Condition = { min: 1990 };
 * const funny: Condition = { in: ["Comedy"], notIn: ["Horror"] };
 * const thisWeek: Condition = { min: new Date(Date.now() - 7 * 86_400_000) };
 * ```
 */
export interface Condition {
  /** In a column of tags: at least one of these. */
  in?: string[];
  /** In a column of tags: none of these. */
  notIn?: string[];
  /** In a column of numbers: this or more. In one of dates: then or later, to about two minutes. */
  min?: number | Date;
  /** In a column of numbers: this or less. In one of dates: then or earlier. */
  max?: number | Date;
}

/**
 * What items must have: by column of the catalogue, or of {@link Recommender.setFields}. All must hold, one at least of
 * those in `or`, and not what is in `not`; up to eight levels deep. No column can be called `or` or `not` here.
 *
 * @example
 * ```ts
 * const cheapOrNew: Conditions = { or: [{ price: { max: 20 } }, { year: { min: 2026 } }], not: { stock: { max: 0 } } };
 * ```
 */
export type Conditions = { [column: string]: Condition } | { or?: Conditions[]; not?: Conditions };

/**
 * What becomes of items that the visitor has events with: they do not come back, they do as all others, or they alone
 * do. Which kinds of events count can be told; unless told, all but `click`, `impression`, `search` and a page's own.
 *
 * @example
 * ```ts
 * const again: Seen = { only: ["purchase"] };
 * const notBought: Seen = { hide: ["purchase", "dislike"] };
 * ```
 */
export type Seen = "hide" | "show" | "only" | { hide: EventKind[] } | { only: EventKind[] };

/**
 * Which items may come back, and where they stand: the same for {@link Recommender.recommend},
 * {@link Recommender.similar} and {@link Recommender.rank}.
 *
 * @example
 * ```ts
 * const rules: Rules = { where: { stock: { min: 1 } }, pin: { "50": 0 }, atLeast: { promo: { sale: 2 } } };
 * ```
 */
export interface Rules {
  /** Ids of items to leave out. */
  exclude?: string[];
  /** The only items that may come back; all unless set. */
  only?: string[];
  /**
   * What an item must have. Or, the slow way, a function that says whether an item may come back; it must always say
   * the same of the same item, and cannot reach a worker.
   */
  where?: Conditions | ((item: Item) => boolean);
  /** What becomes of items that the visitor knows: `recommend` hides them unless set, `similar` and `rank` show them. */
  seen?: Seen;
  /** Multipliers of scores from 0.001 to 1000, by item and by column and tag. A negative score is divided. */
  boost?: { items?: Record<string, number>; tags?: Record<string, Record<string, number>> };
  /** By column and tag, how many items with the tag come back at most. */
  quota?: Record<string, Record<string, number>>;
  /** By column and tag, how many items with the tag stand on each page at least, where there are so many. */
  atLeast?: Record<string, Record<string, number>>;
  /** By id, the place from 0 that an item stands at, whatever its score, if it may come back. */
  pin?: Record<string, number>;
  /** Ids of items that come after all others. */
  bury?: string[];
  /** From 0 (unless set), by score alone, to 1: the more, the less alike the items are. */
  diversity?: number;
  /** Name the events that brought each item, see {@link Recommendation.because}. */
  explain?: boolean;
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
export interface RecommendOptions extends Rules {
  /** How many items; 10 unless set. */
  count?: number;
  /** How many of the best to leave out before them: `count` times the page's number. */
  offset?: number;
  /**
   * What ranks the items, at any time: the visitor (unless set), what is `trending`, `popular` or `new`, or what was
   * `bought-together` with the `seeds`.
   */
  by?: "visitor" | "trending" | "popular" | "new" | "bought-together";
  /** By `new`: the column of numbers that says when an item came; `added` unless set. Items without one do not come. */
  dates?: string;
  /**
   * What is looked for, in words: "slow space operas, but no war". For this question it takes the place of what else is
   * believed of the visitor, and their events outweigh it. For models trained with `--words`, loaded with the same table.
   */
  text?: string;
  /** Ids of items that speak instead of the visitor, such as those in the basket. They do not come back. */
  seeds?: string[];
  /** How much the visitor counts beside the seeds: 0 (unless set) to 1. */
  personal?: number;
  /** A user vector of your own, of the model's `dim`, instead of the visitor's. */
  vector?: Float32Array;
  /** What becomes of ids that the model does not know: `skip` (unless set) leaves them out, `error` refuses them. `exclude` always skips them. */
  unknown?: "error" | "skip";
  /** Lets chance try what the visitor has not shown yet; the same seed gives the same ranking. */
  explore?: { seed: number; strength?: number };
}

/**
 * What counts as similar, and which items may come back.
 *
 * @example
 * ```ts
 * const options: SimilarOptions = { count: 12, where: { stock: { min: 1 } }, personal: 0.3 };
 * ```
 */
export interface SimilarOptions extends Omit<Rules, "explain"> {
  /** How many items; 10 unless set. */
  count?: number;
  /** How many of the best to leave out before them. */
  offset?: number;
  /** `visitor` (unless set) compares what the same people choose, `bought-together` what lies in the same baskets. */
  by?: "visitor" | "bought-together";
  /** `cosine` (unless set) compares directions alone, `dot` favours popular items. */
  metric?: "cosine" | "dot";
  /** How much the visitor's own taste counts beside the items: 0 (unless set) to 1. */
  personal?: number;
  /** What becomes of ids that the model does not know: `error` (unless set) refuses them, `skip` leaves them out. */
  unknown?: "error" | "skip";
}

/**
 * How to rank given items. With rules, an item that is given twice comes back once.
 *
 * @example
 * ```ts
 * const options: RankOptions = { explain: true };
 * ```
 */
export interface RankOptions extends Rules {
  /** What becomes of ids that the model does not know: `error` (unless set) refuses them, `skip` leaves them out. */
  unknown?: "error" | "skip";
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

/**
 * What a page says of an item in a column besides the catalogue: a number, a date (it becomes the seconds since 1970, to
 * about two minutes), tags, or null for nothing.
 *
 * @example
 * ```ts
 * const stock: FieldValue = 12;
 * ```
 */
export type FieldValue = number | Date | string | string[] | null;

/**
 * By id and column, what a page says of items besides the catalogue.
 *
 * @example
 * ```ts
 * const fields: Fields = { "50": { stock: 12, price: 9.99, promo: ["sale"] }, "181": { stock: 0 } };
 * ```
 */
export type Fields = Record<string, Record<string, FieldValue>>;

/**
 * What the visitor did last.
 *
 * @example
 * ```ts
 * const options: RecentOptions = { kinds: ["view"], count: 6 };
 * ```
 */
export interface RecentOptions {
  /** How many items; 10 unless set. */
  count?: number;
  /** Which kinds of events count; all but `impression` unless set. */
  kinds?: EventKind[];
  /** Ids of items to leave out, such as the one on this page. */
  exclude?: string[];
}
