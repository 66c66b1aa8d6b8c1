// What a page counts.

import type { HostOptions } from "./loading.js";
import type { PlacementCount } from "./shop.js";

/**
 * How often something was timed, and the times in milliseconds.
 *
 * @example
 * ```ts
 * const { p95 } = shop.metrics().milliseconds.recommend as Quantiles;
 * ```
 */
export interface Quantiles {
  /** How many times were measured; the quantiles are of the latest 256. */
  count: number;
  /** Half took no longer. */
  p50: number;
  /** 95 of 100 took no longer. */
  p95: number;
  /** The longest. */
  max: number;
  /**
   * How many took up to 0.5, 0.71, 1, 1.41, 2, ... milliseconds, each bound the square root of 2 times the last: the
   * histograms of many pages add up, their quantiles do not.
   */
  buckets: number[];
}

/**
 * What a recommender did so far on this page.
 *
 * @example
 * ```ts
 * const { coverage, acted }: Metrics = shop.metrics();
 * ```
 */
export interface Metrics {
  /** Times by kind of call, as the page sees them: `load`, `record`, `recommend` and so on. */
  milliseconds: Record<string, Quantiles>;
  /** How often an answer was at hand already, and how often not. */
  answers: { hits: number; misses: number };
  /** How many rows recommendations were asked of, and how many of these had to be read; the others were skipped. */
  rows: { asked: number; read: number };
  /** The part of the catalogue that was recommended, from 0 to 1. */
  coverage: number;
  /** The part of the recommended items that the visitor then did something with, from 0 to 1. */
  acted: number;
  /** By place, from the first: how many items were first shown there, and how many of them were acted on. */
  positions: { shown: number[]; acted: number[] };
  /** How often each item was recommended, by id. */
  shown: Record<string, number>;
  /** By placement, what was shown there and what became of it; where there are placements. */
  placements?: Record<string, PlacementCount>;
  /** Failed calls by kind of call. */
  failures: Record<string, number>;
  /** Failed calls by code or name of their errors. */
  errors: Record<string, number>;
}

/**
 * What a page counted so far, as `report` of {@link HostOptions} gets it: times and counts. What the visitor did with
 * which item is not among them. Each report of a page holds all that its earlier ones did.
 *
 * @example
 * ```ts
 * const send = (report: Report) => navigator.sendBeacon("/collect", JSON.stringify(report));
 * const shop = await Recommender.load("/movies.safetensors", { report: send });
 * ```
 */
export interface Report extends Metrics {
  /** A random name of this page load, kept nowhere. */
  page: string;
  /** 1 for its first report, and so on. */
  sequence: number;
  /** When, by the visitor's clock, in milliseconds since the epoch. */
  time: number;
  /** {@link Recommender.version} of the model. */
  version: string;
  /** The name of the `experiment`, and the visitor's variant; where there is one. */
  experiment?: string;
  variant?: string;
}
