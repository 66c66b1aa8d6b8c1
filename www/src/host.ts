import { ByteReader } from "./bytes.js";
import { hasChanged } from "./cache.js";
import { openDelivery } from "./download.js";
import { engineCall, type ModelInput, openEngine, trapped } from "./engine.js";
import { closed, FoldinError } from "./errors.js";
import type { Demands, Hooks } from "./model.js";
import { Profile } from "./profile.js";
import { findTitles, fold } from "./search.js";
import type * as types from "./types.js";
import { type WasmInput, wasmGeneration } from "./wasm.js";
import type { Engine } from "./wasm/foldin.js";

/** What a host is opened with. */
export interface OpenInput {
  model: ModelInput;
  profile: string | undefined;
  wasm: WasmInput | undefined;
}

/** What a host is updated with. */
export interface UpdateInput {
  /** The newer model; the present one's address, unless given. */
  model: ModelInput | undefined;
  /** What must hold for it. */
  demands: Demands;
}

/**
 * All that the page can ask of the engine, each question with one plain input, so that it can cross to a worker.
 * {@link Recommender} documents what they do.
 */
export interface Host {
  open(input: OpenInput, hooks: Hooks): Promise<types.ModelInfo>;
  update(input: UpdateInput, hooks: Hooks): Promise<types.ModelInfo>;
  record(events: types.VisitorEvent[]): Promise<void>;
  forget(items: string[]): Promise<void>;
  events(): Promise<types.VisitorEvent[]>;
  recommend(options: types.RecommendOptions): Promise<types.Recommendation[]>;
  similar(input: { item: string; options: types.SimilarOptions }): Promise<types.Recommendation[]>;
  rank(input: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]>;
  search(input: { text: string; count: number }): Promise<types.Item[]>;
  item(id: string): Promise<types.Item>;
  vector(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Tells the page what happens besides the answers. */
export type Notify = <T extends keyof types.Notices>(type: T, notice: types.Notices[T]) => void;

/** The engine and the visitor's stored events, on the thread that this runs on. */
export class LocalHost implements Host {
  readonly #notify: Notify;
  #input: OpenInput | undefined;
  #engine: Engine | undefined;
  /** Of the wasm that the engine is in. */
  #generation = 0;
  #profile: Profile | undefined;
  /** Folded for searching, from the first search on. */
  #titles: string[] | undefined;
  /** Events that this version of the model refuses: they rest in the profile until one takes them. */
  #resting: types.VisitorEvent[] = [];

  constructor(notify: Notify) {
    this.#notify = notify;
  }

  async open(input: OpenInput, hooks: Hooks): Promise<types.ModelInfo> {
    const { engine, mayAge } = await openEngine(input.model, input.wasm, hooks);
    this.#input = input;
    this.#engine = engine;
    this.#generation = wasmGeneration();
    if (input.profile !== undefined) {
      const [profile, events] = await Profile.open(input.profile, (state) => this.#notify("storage", state));
      this.#profile = profile;
      this.#resting = replay(engine, events);
    }
    if (mayAge) void this.#watchServer(input.model);
    return this.#ask((engine) => engine.info());
  }

  async update({ model, demands }: UpdateInput, hooks: Hooks): Promise<types.ModelInfo> {
    const present = this.#opened();
    const input = { ...present, model: model ?? { ...present.model, ...demands } };
    const { engine } = await openEngine(input.model, input.wasm, hooks, true);
    // Closed meanwhile, there is nothing to update. From here on nothing waits, so that no event and no question falls
    // between the old engine and the new one.
    const old = this.#engine;
    if (!old) {
      engine.free();
      throw closed();
    }
    const events = [...this.#resting, ...(old.events() as types.VisitorEvent[])];
    this.#resting = replay(
      engine,
      events.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)),
    );
    this.#engine = engine;
    this.#titles = undefined;
    this.#input = input;
    old.free();
    return this.#ask((engine) => engine.info());
  }

  async record(events: types.VisitorEvent[]): Promise<void> {
    const now = Date.now();
    const timed = events.map((event) => ({ ...event, time: event.time ?? now }));
    await this.#ask((engine) => engine.record(timed));
    await this.#profile?.append(timed);
  }

  async forget(items: string[]): Promise<void> {
    await this.#ask((engine) => {
      const told = new Set((engine.events() as types.VisitorEvent[]).map(({ item }) => item));
      for (const item of items) if (told.has(item)) engine.forget(item);
    });
    this.#resting = this.#resting.filter(({ item }) => !items.includes(item));
    await this.#profile?.remove(items);
  }

  events(): Promise<types.VisitorEvent[]> {
    return this.#ask((engine) => engine.events());
  }

  recommend(options: types.RecommendOptions): Promise<types.Recommendation[]> {
    return this.#ask((engine) => engine.recommend(options));
  }

  similar({ item, options }: { item: string; options: types.SimilarOptions }): Promise<types.Recommendation[]> {
    return this.#ask((engine) => engine.similar(item, options));
  }

  rank({ items, options }: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]> {
    return this.#ask((engine) => engine.rank(items, options));
  }

  search({ text, count }: { text: string; count: number }): Promise<types.Item[]> {
    return this.#ask((engine) => {
      this.#titles ??= engine.titles().map(fold);
      return findTitles(this.#titles, text, count).map((row) => engine.itemAt(row));
    });
  }

  item(id: string): Promise<types.Item> {
    return this.#ask((engine) => engine.item(id));
  }

  vector(): Promise<Float32Array> {
    return this.#ask((engine) => engine.vector());
  }

  async close(): Promise<void> {
    this.#profile?.close();
    // A broken wasm is gone as a whole.
    if (this.#generation === wasmGeneration()) this.#engine?.free();
    this.#input = this.#engine = this.#profile = undefined;
  }

  #opened(): OpenInput {
    if (!this.#input) throw closed();
    return this.#input;
  }

  /** Puts a question to the engine, at once: what it changes is changed before anything else runs. */
  async #ask<T>(question: (engine: Engine) => T): Promise<T> {
    this.#opened();
    if (this.#generation !== wasmGeneration()) throw trapped();
    return engineCall(() => question(this.#engine as Engine));
  }

  async #watchServer(model: ModelInput): Promise<void> {
    if ("url" in model && (await hasChanged(new URL(model.url)))) this.#notify("stale", { url: model.url });
  }
}

/** Takes events up, and gives those back that the engine refuses. */
function replay(engine: Engine, events: types.VisitorEvent[]): types.VisitorEvent[] {
  return events.filter((event) => {
    try {
      engineCall(() => engine.record([event]));
      return false;
    } catch (error) {
      if (error instanceof FoldinError && error.code === "trap") throw error;
      return true;
    }
  });
}

/** Brings a model into the browser's cache. */
export async function prefetchModel(url: URL, hooks: Hooks): Promise<void> {
  const { source, copy } = await openDelivery({ url: url.href }, hooks, false);
  const bytes = new ByteReader(source, hooks.signal);
  while (await bytes.next());
  await copy?.accept();
}
