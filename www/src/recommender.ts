import * as check from "./check.js";
import { wrongType } from "./errors.js";
import { resolve } from "./files.js";
import type { Host, ModelInput } from "./host.js";
import { startRemoteHost } from "./remote.js";
import type {
  FactorsInput,
  HostOptions,
  Item,
  LoadOptions,
  ModelInfo,
  RankOptions,
  Recommendation,
  RecommendOptions,
  SearchOptions,
  SimilarOptions,
  StorageState,
  VisitorEvent,
} from "./types.js";

const HOST_RULES = { worker: check.flag, profile: check.text };
const LOAD_RULES = { ...HOST_RULES, signal: check.abortSignal, onProgress: check.callback };
const FACTORS_RULES = {
  factors: check.floats,
  dim: check.natural,
  ids: check.strings,
  precision: check.oneOf("f32", "f16", "int8", "int4"),
};
const EVENT_RULES = {
  item: check.text,
  event: check.oneOf("like", "dislike", "rate", "view", "purchase", "skip"),
  value: check.finite,
  time: check.finite,
};
const RANK_RULES = { explain: check.flag, vector: check.floats };
const RECOMMEND_RULES = { ...RANK_RULES, count: check.natural, exclude: check.strings };
const SIMILAR_RULES = { count: check.natural, metric: check.oneOf("cosine", "dot") };
const SEARCH_RULES = { count: check.natural };

/**
 * A model, and the visitor it recommends to.
 *
 * All calls are asynchronous, with a worker or without. Nothing that the visitor does leaves the device.
 *
 * @example
 * ```ts
 * const shop = await Recommender.load("/movies.safetensors", { worker: true, profile: "default" });
 * await shop.record({ item: "50", event: "like" });
 * const shelf = await shop.recommend({ count: 12, explain: true });
 * ```
 */
export class Recommender {
  /** What the model says of itself. */
  readonly info: ModelInfo;
  readonly #host: Host;
  readonly #storage: StorageWatch;

  private constructor(host: Host, info: ModelInfo, storage: StorageWatch) {
    this.#host = host;
    this.info = info;
    this.#storage = storage;
  }

  /**
   * Loads a model: from its address (relative to the page; in Node also a path), or from the bytes of its file.
   *
   * @throws {@link FoldinError} `network`, `format`, `version`, `out-of-memory`, `aborted` or `unsupported`
   *
   * @example
   * ```ts
   * const shop = await Recommender.load("/movies.safetensors", {
   *   worker: true,
   *   profile: "default",
   *   onProgress: ({ loaded, total }) => (bar.value = loaded / total),
   * });
   * ```
   */
  static async load(source: string | URL | Uint8Array | ArrayBuffer, options: LoadOptions = {}): Promise<Recommender> {
    check.checkFields("options", options, LOAD_RULES);
    return Recommender.#open(fileInput(source), options);
  }

  /**
   * Recommends with item factors of your own, of whatever training.
   *
   * @throws {@link FoldinError} `out-of-memory` or `unsupported`
   *
   * @example
   * ```ts
   * const shop = await Recommender.fromFactors({ factors, dim: 64, ids });
   * const shelf = await shop.recommend({ vector, count: 12 });
   * ```
   */
  static async fromFactors(input: FactorsInput, options: HostOptions = {}): Promise<Recommender> {
    check.checkFields("input", input, FACTORS_RULES, ["factors", "dim"]);
    check.checkFields("options", options, HOST_RULES);
    return Recommender.#open(input, options);
  }

  static async #open(model: ModelInput, options: LoadOptions): Promise<Recommender> {
    const { worker, profile, signal, onProgress } = options;
    const storage = new StorageWatch();
    const host = worker ? startRemoteHost(storage.set) : await localHost(storage.set);
    try {
      const hooks = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
      return new Recommender(host, await host.open({ model, profile }, hooks), storage);
    } catch (error) {
      await host.close();
      throw error;
    }
  }

  /** Whether the visitor's events survive a reload, and if they should but do not, why. */
  get storage(): StorageState {
    return this.#storage.state;
  }

  /**
   * Calls back when {@link Recommender.storage} changes, such as when the disk is full. Returns how to stop that.
   *
   * @example
   * ```ts
   * const stop = shop.on("storage", ({ persistent }) => banner.toggleAttribute("hidden", persistent));
   * ```
   */
  on(type: "storage", listener: (state: StorageState) => void): () => void {
    check.check("type", type, check.oneOf("storage"));
    check.check("listener", listener, check.callback);
    return this.#storage.listen(listener);
  }

  /**
   * Records what the visitor did: all of it or, on an error, nothing. Resolves when it is stored.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * await shop.record({ item: "50", event: "like" });
   * await shop.record([{ item: "181", event: "rate", value: 4 }, { item: "1", event: "dislike" }]);
   * ```
   */
  async record(events: VisitorEvent | VisitorEvent[]): Promise<void> {
    const list = Array.isArray(events) ? events : [events];
    list.forEach((event, index) => {
      const owner = Array.isArray(events) ? `events[${index}]` : "event";
      check.checkFields(owner, event, EVENT_RULES, ["item", "event"]);
    });
    return this.#host.record(list);
  }

  /**
   * Takes back all that was recorded about an item, as if it had never happened, here and in the stored profile.
   *
   * @throws {@link FoldinError} `storage` when the stored events could not be erased
   *
   * @example
   * ```ts
   * await shop.forget("50"); // un-like
   * ```
   */
  async forget(items: string | string[]): Promise<void> {
    const list = Array.isArray(items) ? items : [items];
    check.check("items", list, check.strings);
    return this.#host.forget(list);
  }

  /**
   * What was recorded, oldest first.
   *
   * @example
   * ```ts
   * const liked = (await shop.events()).filter(({ event }) => event === "like");
   * ```
   */
  async events(): Promise<VisitorEvent[]> {
    return this.#host.events();
  }

  /**
   * The best items for the visitor, best first; the most popular ones while nothing was recorded. Items that the
   * visitor has events with never come back.
   *
   * @example
   * ```ts
   * for (const { title, because } of await shop.recommend({ count: 12, explain: true })) {
   *   console.log(title, "because of", because?.[0]?.title);
   * }
   * ```
   */
  async recommend(options: RecommendOptions = {}): Promise<Recommendation[]> {
    check.checkFields("options", options, RECOMMEND_RULES);
    return this.#host.recommend(options);
  }

  /**
   * The items most like one, best first, whoever asks.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * const more = await shop.similar("50", { count: 12 });
   * ```
   */
  async similar(item: string, options: SimilarOptions = {}): Promise<Recommendation[]> {
    check.check("item", item, check.text);
    check.checkFields("options", options, SIMILAR_RULES);
    return this.#host.similar({ item, options });
  }

  /**
   * Puts items that the page already has in the visitor's order.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * const mine = await shop.rank(["50", "181", "1"]);
   * ```
   */
  async rank(items: string[], options: RankOptions = {}): Promise<Recommendation[]> {
    check.check("items", items, check.strings);
    check.checkFields("options", options, RANK_RULES);
    return this.#host.rank({ items, options });
  }

  /**
   * Items whose title has the text, best match first, whatever its case and accents.
   *
   * @example
   * ```ts
   * const hits = await shop.search("star wars", { count: 8 });
   * ```
   */
  async search(text: string, options: SearchOptions = {}): Promise<Item[]> {
    check.check("text", text, check.text);
    check.checkFields("options", options, SEARCH_RULES);
    return this.#host.search({ text, count: options.count ?? 10 });
  }

  /**
   * One item of the catalogue.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * const { title } = await shop.item("50");
   * ```
   */
  async item(id: string): Promise<Item> {
    check.check("id", id, check.text);
    return this.#host.item(id);
  }

  /**
   * The visitor's vector, of the model's `dim`: what {@link Recommender.recommend} scores items against.
   *
   * @example
   * ```ts
   * const vector = await shop.vector();
   * ```
   */
  async vector(): Promise<Float32Array> {
    return this.#host.vector();
  }

  /**
   * Frees the model's memory and ends its worker. The stored profile stays.
   *
   * @example
   * ```ts
   * await shop.close();
   * ```
   */
  async close(): Promise<void> {
    return this.#host.close();
  }
}

/** The host on this thread; its code loads when it is asked for, as a page with a worker never needs it. */
async function localHost(notify: (state: StorageState) => void): Promise<Host> {
  const { LocalHost } = await import("./host.js");
  return new LocalHost(notify);
}

function fileInput(source: unknown): ModelInput {
  if (typeof source === "string" || source instanceof URL) return { url: resolve(source).href };
  if (source instanceof Uint8Array) return { bytes: source };
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source) };
  throw wrongType("source", "an address, a Uint8Array or an ArrayBuffer", typeof source);
}

/** Where events are stored, and who wants to know. */
class StorageWatch {
  state: StorageState = { persistent: false };
  readonly #listeners = new Set<(state: StorageState) => void>();

  readonly set = (state: StorageState): void => {
    this.state = state;
    for (const listener of this.#listeners) listener(state);
  };

  listen(listener: (state: StorageState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
