// What a page trains on, and how.

import type { HostOptions } from "./loading.js";
import type { TrainingProgress } from "./visitor.js";

/**
 * Someone did something with an item.
 *
 * @example
 * ```ts
 * const interactions: Interaction[] = [{ user: "ann", item: "50" }, { user: "bob", item: "181", value: 4 }];
 * ```
 */
export interface Interaction {
  /** The user's id. */
  user: string;
  /** The item's id. */
  item: string;
  /** A rating, for `sgd`; 1 unless given. */
  value?: number;
}

/**
 * Interactions by column: what a worker that read them hands over at no cost, and the page need not go through.
 *
 * @example
 * ```ts
 * const interactions: InteractionColumns = {
 *   users: Uint32Array.of(0, 0, 1),
 *   items: Uint32Array.of(0, 1, 1),
 *   ids: ["50", "181"],
 * };
 * ```
 */
export interface InteractionColumns {
  /** Of each interaction its user, numbered from 0 on. */
  users: Uint32Array;
  /** Of each interaction its item, a place in `ids`. */
  items: Uint32Array;
  /** Of each interaction its rating, for `sgd`; 1 unless given. */
  values?: Float32Array;
  /** The items' ids. */
  ids: string[];
}

/**
 * How to train.
 *
 * @example
 * ```ts
 * const options: TrainingOptions = { algorithm: "ials", dim: 32, epochs: 10 };
 * ```
 */
export interface TrainingOptions extends Omit<HostOptions, "worker" | "wasm"> {
  /** `ials` (unless set) and `bpr` learn from what was done, `sgd` from ratings. */
  algorithm?: "ials" | "sgd" | "bpr";
  /** Numbers in a factor; 64 unless set. */
  dim?: number;
  /** Passes over the interactions; 16 unless set, 1000 at most. */
  epochs?: number;
  /** The same seed gives the same model; 1 unless set. */
  seed?: number;
  /** Called after each epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}
