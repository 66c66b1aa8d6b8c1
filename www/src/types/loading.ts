// Where a model comes from, and where it runs.

import type { ModelInfo, Precision } from "./catalog.js";
import type { AddedItem } from "./cold.js";
import type { Report } from "./metrics.js";
import type { Experiment, FallbackList, Shelf, ShopPlan } from "./shop.js";
import type { EventWeights, VisitorEvent } from "./visitor.js";

/**
 * How much of a model has arrived.
 *
 * @example
 * ```ts
 * const onProgress = ({ loaded, total }: Progress) => (bar.value = loaded / total);
 * ```
 */
export interface Progress {
  /** Bytes that have arrived, after decompression. */
  loaded: number;
  /** Bytes of the whole file, as its header tells. */
  total: number;
}

/**
 * Where the visitor's events are kept.
 *
 * @example
 * ```ts
 * const warn = ({ persistent, error }: StorageState) => {
 *   if (!persistent && error) console.warn(error.message);
 * };
 * ```
 */
export interface StorageState {
  /** True when all events survive a reload; false when some live in memory only, until the browser takes them. */
  persistent: boolean;
  /** Why they live in memory though a profile was asked for. */
  error?: Error;
  /** Set while something is still stored that was erased, forgotten or taken back here. */
  unerased?: true;
}

/**
 * Where {@link Recommender} runs and what it remembers.
 *
 * @example
 * ```ts
 * const options: HostOptions = { worker: true, profile: "default" };
 * ```
 */
export interface HostOptions {
  /** Run in a Web Worker, where the browser has them, so that the page's own thread never waits. Off unless set. */
  worker?: boolean;
  /**
   * Keep the visitor's events in IndexedDB under this name. Without it they are forgotten with the page.
   * Give each model of an origin a name of its own: their item ids mean different things.
   */
  profile?: string;
  /** What events are worth, where not the defaults. */
  events?: EventWeights;
  /**
   * Believe of a visitor what anybody is like, until their own events tell more: their first recommendations are then
   * better, and part of each score is nobody's doing. For models of iALS; off unless set.
   */
  prior?: boolean;
  /**
   * A table of words (`foldin words`), fetched when something first needs it: search by meaning, `text` of
   * {@link Recommender.recommend} and {@link Recommender.similar}, {@link Recommender.wish}, items with a description.
   */
  words?: ModelAddress;
  /**
   * How much of a model that comes in parts is taken in behind its head: `idle`, part by part while the page has nothing
   * better to do; `all`, as fast as they come; `head`, none before something asks for them. `idle` unless set, and `head`
   * where the browser is to save data.
   */
  parts?: "head" | "idle" | "all";
  /**
   * The engine's wasm, where it is not found beside the script: an edge worker imports it as
   * `foldin/foldin.wasm`, for example.
   */
  wasm?: URL | BufferSource | WebAssembly.Module;
  /**
   * Called whenever the page is hidden, at close, before another model takes over, and when loading fails. Nothing
   * else sends what is counted. `foldin monitor` reads a file of such reports, one a line:
   * `report: (report) => navigator.sendBeacon("/collect", JSON.stringify(report))`.
   */
  report?: (report: Report) => void;
  /**
   * `respect` (unless set): nothing is reported of a visitor whose browser sends Global Privacy Control. `ignore` where
   * the law and the visitor allow it.
   */
  privacyControl?: "respect" | "ignore";
  /** Placements and rules for {@link Recommender.shelf}: a plan, or the address of one (JSON, or a CSV file of rules). */
  placements?: ShopPlan | string | URL;
  /** Assigns the visitor a variant, {@link Recommender.variant}, which reports tell. */
  experiment?: Experiment;
  /**
   * What answers when wasm or the model fails: ids or items, or the address of such a list. Without it the error is
   * thrown. Results then have the rung `fallback`.
   */
  fallback?: FallbackList | string | URL;
}

/**
 * What must hold for a model file.
 *
 * @example
 * ```ts
 * const demands: FileOptions = { integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", maxBytes: 50e6 };
 * ```
 */
export interface FileOptions {
  /** Its SHA-256, as `sha256-` and base64. A cached copy that has it is used without asking the server. */
  integrity?: string;
  /** The most bytes it may have; 2 GiB unless set. */
  maxBytes?: number;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
  /** Called as the file's bytes arrive. */
  onProgress?: (progress: Progress) => void;
}

/**
 * A model file: its address (relative to the page; in Node also a path), or its bytes.
 *
 * @example
 * ```ts
 * const source: ModelAddress = new URL("./movies.safetensors", import.meta.url);
 * ```
 */
export type ModelAddress = string | URL | Uint8Array | ArrayBuffer;

/**
 * How to load a model.
 *
 * @example
 * ```ts
 * const options: LoadOptions = { worker: true, signal: AbortSignal.timeout(10_000) };
 * ```
 */
export interface LoadOptions extends HostOptions, FileOptions {}

/**
 * How to load a newer model.
 *
 * @example
 * ```ts
 * const options: UpdateOptions = { source: "/movies.v2.safetensors" };
 * ```
 */
export interface UpdateOptions extends FileOptions {
  /** Where it is; where the present one came from, unless set. */
  source?: ModelAddress;
}

/**
 * What {@link Recommender.on} tells, by name.
 *
 * @example
 * ```ts
 * shop.on("stale", ({ url }: Notices["stale"]) => console.info(`${url} has a newer version`));
 * ```
 */
export interface Notices {
  /** Where events are stored has changed, or all that was erased is gone by now. */
  storage: StorageState;
  /**
   * Something that the browser lacks or refuses, in a sandboxed frame for example, and that foldin does without: each
   * once, and to those too who listen later.
   */
  missing: { what: "worker" | "cache" | "tabs"; error: Error };
  /** The server has another version of the model than the copy in the browser's cache that is in use. */
  stale: { url: string };
  /** A newer model is in use. */
  update: ModelInfo;
  /** Another tab changed the visitor's events, of which there are so many now. */
  events: { count: number };
  /**
   * Items were added or removed, here or by another tab, a part of the model has arrived, or a newer model has taken them
   * over: what the model says of itself now, and which items it does not take.
   */
  items: { info: ModelInfo; refused: AddedItem[] };
  /** What the visitor chooses is not what the people of training chose: it is far more popular, or far less. */
  drift: Drift;
  /** A placement's shelf was answered. */
  shelf: Shelf;
  /** An event named a shelf, whose placement is credited. */
  credit: { placement: string; event: VisitorEvent };
  /**
   * Answers may be others from now on, because of a call here (`by` is its name, such as `record`) or of what came from
   * elsewhere (`events`, `items`, `update`): whoever shows some asks again.
   */
  change: { by: string };
  /** A call failed; its caller gets the same error. */
  error: Error;
}

/**
 * How far a visitor's choices are from those that the model was trained on, by how popular their items are.
 *
 * @example
 * ```ts
 * shop.on("drift", ({ distance, limit }: Drift) => console.info(`drifted: ${distance} > ${limit}`));
 * ```
 */
export interface Drift {
  /** The largest difference between the two distributions (Kolmogorov and Smirnov), 0 to 1. */
  distance: number;
  /** Below this it may be chance; one visitor in a hundred is above by chance alone. */
  limit: number;
  /** How many items the visitor has chosen, at least 20. */
  items: number;
}

/**
 * Item factors of your own.
 *
 * @example
 * ```ts
 * // Two items in three dimensions, named "a" and "b".
 * const input: FactorsInput = { factors: new Float32Array([1, 0, 0, 0, 1, 0]), dim: 3, ids: ["a", "b"] };
 * ```
 */
export interface FactorsInput {
  /** The factors, one item after the other: items x dim numbers. */
  factors: Float32Array;
  /** Numbers in a factor. */
  dim: number;
  /** The items' ids; without them an item's id is its row number. */
  ids?: string[];
  /** How to keep them in memory; `int8` unless set. */
  precision?: Precision;
  /** Whether a worker may have the factors' memory: the array is empty afterwards. Off unless set. */
  transfer?: boolean;
}
