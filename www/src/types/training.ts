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
  /** When it happened, in seconds since 1970: all of them have it, or none. `next` learns from the order. */
  time?: number;
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
  /** Of each interaction when it happened, in seconds since 1970. `next` learns from the order. */
  times?: Float64Array;
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
  /**
   * `next` learns from the order of what was done, `ials` and `bpr` from what was done, `sgd` from ratings. `auto` (unless
   * set) compares `ials` and, where there are times, `next` on what each user did last, and trains the better one; the
   * model's `info.metadata` says how they did. Without times `next` takes a user's interactions in the order given.
   */
  algorithm?: "auto" | "next" | "ials" | "sgd" | "bpr";
  /** Numbers in a factor; 64 unless set. */
  dim?: number;
  /** Passes over the interactions, 1000 at most; unless set what suits the algorithm. */
  epochs?: number;
  /** The same seed gives the same model. Unless set, chance draws one, which `info.metadata.seed` tells. */
  seed?: number;
  /** Called after each epoch, and several times a second in long ones. */
  onProgress?: (progress: TrainingProgress) => void;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}
