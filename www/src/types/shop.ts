// What a shop's pages are made of: placements, rules with dates, experiments.

import type { Item, Recommendation } from "./catalog.js";
import type { RecommendOptions } from "./asking.js";

/**
 * A rule of a merchandiser: what `recommend` takes, for one placement or all, from a date until another.
 *
 * @example
 * ```ts
 * const rule: ShopRule = { placement: "home-top", pin: { "50": 0 }, from: "2026-11-20", until: "2026-12-01" };
 * ```
 */
export interface ShopRule extends Omit<RecommendOptions, "vector" | "explain" | "count" | "offset"> {
  /** The placement that it is for; all unless set. */
  placement?: string;
  /** From this date on (ISO 8601, UTC); always unless set. */
  from?: string;
  /** Until this date, which no longer counts; for good unless set. */
  until?: string;
  /** What it is for, to whoever reads the file. */
  note?: string;
}

/**
 * Placements by name, each with what is asked there, and the rules for them: a JSON document that `foldin check --rules`
 * checks.
 *
 * @example
 * ```ts
 * const plan: ShopPlan = {
 *   placements: { "home-top": { count: 12, by: "trending", where: { stock: { min: 1 } } } },
 *   rules: [{ placement: "home-top", pin: { "50": 0 }, until: "2026-12-01" }],
 * };
 * ```
 */
export interface ShopPlan {
  /** By name, what is asked there. */
  placements?: Record<string, RecommendOptions>;
  /** What holds besides, each for its time. */
  rules?: ShopRule[];
}

/**
 * An answer to a placement's question.
 *
 * @example
 * ```ts
 * const { id, items }: Shelf = await shop.shelf("home-top");
 * const first = items[0];
 * if (first) link.onclick = () => void shop.record({ item: first.item, event: "click", shelf: id });
 * ```
 */
export interface Shelf {
  /** What an event says in `shelf`, on this page or a later one, so that the placement is credited. */
  id: string;
  /** The placement's name. */
  placement: string;
  /** What stands there. */
  items: Recommendation[];
}

/**
 * An experiment: each visitor gets one of the variants, and keeps it.
 *
 * @example
 * ```ts
 * const experiment: Experiment = { name: "shelf-2", variants: ["old", "new"], shares: [9, 1] };
 * ```
 */
export interface Experiment {
  /** Its name. With another one, visitors are assigned anew. */
  name: string;
  /** What there is to choose from. */
  variants: string[];
  /** How many visitors get each variant, in any unit; alike unless set. */
  shares?: number[];
  /**
   * What stands for the visitor, such as a customer's number: the same gets the same variant on every device. Unless set
   * chance decides, and the browser keeps the variant's name while it keeps the visitor's events (`profile`, `persist`).
   */
  unit?: string;
}

/**
 * How a placement did.
 *
 * @example
 * ```ts
 * const { shown, events, revenue }: PlacementCount = shop.metrics().placements?.["home-top"] as PlacementCount;
 * ```
 */
export interface PlacementCount {
  /** How often its shelf was asked for. */
  shelves: number;
  /** How many items that were. */
  shown: number;
  /** Events that name one of its shelves, by kind. */
  events: Record<string, number>;
  /** What was bought of them: prices times quantities. */
  revenue: number;
}

/**
 * What stands in for answers when wasm or the model fails: ids, or items as they are shown.
 *
 * @example
 * ```ts
 * const fallback: FallbackList = ["50", { item: "181", title: "Return of the Jedi" }];
 * ```
 */
export type FallbackList = (string | Item)[];

/**
 * Part of GA4's data layer: any array that `window.dataLayer` is.
 *
 * @example
 * ```ts
 * const layer: DataLayer = (window as { dataLayer?: DataLayer }).dataLayer ?? [];
 * ```
 */
export type DataLayer = unknown[];
