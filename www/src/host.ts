import { ByteReader } from "./bytes.js";
import { hasChanged } from "./cache.js";
import { openDelivery } from "./download.js";
import { engineCall, type ModelInput, type Opened, openEngine, trapped } from "./engine.js";
import { closed, FoldinError } from "./errors.js";
import { EVENT_KINDS } from "./kinds.js";
import type { Demands, Hooks } from "./model.js";
import { Profile } from "./profile.js";
import { questionOf, resultsOf } from "./question.js";
import { findTitles, fold } from "./search.js";
import type * as types from "./types.js";
import { type WasmInput, wasmGeneration } from "./wasm.js";
import type { Question } from "./wasm/foldin.js";

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
  recommend(options: types.RecommendOptions): Promise<Answered>;
  similar(input: { item: string; options: types.SimilarOptions }): Promise<types.Recommendation[]>;
  rank(input: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]>;
  search(input: { text: string; count: number }): Promise<types.Item[]>;
  item(id: string): Promise<types.Item>;
  items(input: { offset: number; count: number }): Promise<types.Item[]>;
  tensor(name: string): Promise<types.TensorData | undefined>;
  vector(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** What was found, and how many rows were read for it. */
export interface Answered {
  results: types.Recommendation[];
  rowsRead: number;
}

/** Tells the page what happens besides the answers. */
export type Notify = <T extends keyof types.Notices>(type: T, notice: types.Notices[T]) => void;

/** The engine and the visitor's stored events, on the thread that this runs on. */
export class LocalHost implements Host {
  readonly #notify: Notify;
  #input: OpenInput | undefined;
  #model: Opened | undefined;
  /** Of the wasm that the engine is in. */
  #generation = 0;
  /** What the engine has of the visitor, oldest first. */
  #events: types.VisitorEvent[] = [];
  #profile: Profile | undefined;
  /** Folded for searching, from the first search on. */
  #titles: string[] | undefined;
  /** Events that this version of the model refuses: they rest in the profile until one takes them. */
  #resting: types.VisitorEvent[] = [];

  constructor(notify: Notify) {
    this.#notify = notify;
  }

  async open(input: OpenInput, hooks: Hooks): Promise<types.ModelInfo> {
    const { opened, mayAge } = await openEngine(input.model, input.wasm, hooks);
    this.#input = input;
    this.#model = opened;
    this.#generation = wasmGeneration();
    if (input.profile !== undefined) {
      const [profile, events] = await Profile.open(input.profile, (state) => this.#notify("storage", state));
      this.#profile = profile;
      this.#replay(events);
    }
    if (mayAge) void this.#watchServer(input.model);
    return this.#ask(({ info }) => info);
  }

  async update({ model, demands }: UpdateInput, hooks: Hooks): Promise<types.ModelInfo> {
    const present = this.#opened();
    const input = { ...present, model: model ?? { ...present.model, ...demands } };
    const { opened } = await openEngine(input.model, input.wasm, hooks, true);
    // Closed meanwhile, there is nothing to update. From here on nothing waits, so that no event and no question falls
    // between the old engine and the new one.
    const old = this.#model;
    if (!old) {
      opened.engine.free();
      throw closed();
    }
    this.#model = opened;
    this.#titles = undefined;
    this.#input = input;
    const events = [...this.#resting, ...this.#events];
    this.#replay(events.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)));
    old.engine.free();
    return opened.info;
  }

  async record(events: types.VisitorEvent[]): Promise<void> {
    const now = Date.now();
    const timed = events.map((event) => ({ ...event, time: event.time ?? now }));
    await this.#ask((model) => take(model, timed));
    this.#events.push(...timed);
    await this.#profile?.append(timed);
  }

  async forget(items: string[]): Promise<void> {
    const gone = new Set(items);
    await this.#ask(({ engine }) => {
      for (const { item } of this.#events) if (gone.has(item)) engine.forget(engine.find(item));
    });
    const stays = ({ item }: types.VisitorEvent): boolean => !gone.has(item);
    this.#events = this.#events.filter(stays);
    this.#resting = this.#resting.filter(stays);
    await this.#profile?.remove(items);
  }

  events(): Promise<types.VisitorEvent[]> {
    return this.#ask(() => this.#events.map((event) => ({ ...event })));
  }

  recommend(options: types.RecommendOptions): Promise<Answered> {
    return this.#answer(options, ({ engine }, question) => engine.recommend(question));
  }

  similar({ item, options }: { item: string; options: types.SimilarOptions }): Promise<types.Recommendation[]> {
    const { metric, count = 10 } = options;
    return this.#ask(({ engine, catalog }) =>
      resultsOf(engine.similar(engine.find(item), metric === "dot", count), catalog),
    );
  }

  async rank({ items, options }: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]> {
    const { results } = await this.#answer(options, ({ engine }, question) =>
      engine.rank(
        Uint32Array.from(items, (item) => engine.find(item)),
        question,
      ),
    );
    return results;
  }

  search({ text, count }: { text: string; count: number }): Promise<types.Item[]> {
    return this.#ask(({ catalog }) => {
      this.#titles ??= catalog.titles().map(fold);
      return findTitles(this.#titles, text, count).map((row) => catalog.item(row));
    });
  }

  item(id: string): Promise<types.Item> {
    return this.#ask(({ engine, catalog }) => catalog.item(engine.find(id)));
  }

  items({ offset, count }: { offset: number; count: number }): Promise<types.Item[]> {
    return this.#ask(({ catalog, info: { items } }) => {
      const length = Math.max(0, Math.min(count, items - offset));
      return Array.from({ length }, (_, row) => catalog.item(offset + row));
    });
  }

  tensor(name: string): Promise<types.TensorData | undefined> {
    return this.#ask(({ catalog }) => catalog.tensor(name));
  }

  vector(): Promise<Float32Array> {
    return this.#ask(({ engine }) => engine.vector());
  }

  async close(): Promise<void> {
    this.#profile?.close();
    // A broken wasm is gone as a whole.
    if (this.#generation === wasmGeneration()) this.#model?.engine.free();
    this.#input = this.#model = this.#profile = undefined;
  }

  #opened(): OpenInput {
    if (!this.#input) throw closed();
    return this.#input;
  }

  /** Calls the engine, at once: what it changes is changed before anything else runs. */
  async #ask<T>(question: (model: Opened) => T): Promise<T> {
    this.#opened();
    if (this.#generation !== wasmGeneration()) throw trapped();
    return engineCall(() => question(this.#model as Opened));
  }

  /** Puts a question with options to the engine. */
  #answer(
    options: types.RecommendOptions,
    ask: (model: Opened, question: Question) => Float64Array,
  ): Promise<Answered> {
    return this.#ask((model) => {
      const question = questionOf(model.wasm, options, model.catalog);
      try {
        const numbers = ask(model, question);
        return { results: resultsOf(numbers, model.catalog, options.explain), rowsRead: numbers[0] ?? 0 };
      } finally {
        question.free();
      }
    });
  }

  /** Takes up what is known of the visitor; what this version of the model refuses rests. */
  #replay(events: types.VisitorEvent[]): void {
    this.#events = [];
    this.#resting = [];
    for (const event of events) {
      try {
        engineCall(() => take(this.#model as Opened, [event]));
        this.#events.push(event);
      } catch (error) {
        if (error instanceof FoldinError && error.code === "trap") throw error;
        this.#resting.push(event);
      }
    }
  }

  async #watchServer(model: ModelInput): Promise<void> {
    if ("url" in model && (await hasChanged(new URL(model.url)))) this.#notify("stale", { url: model.url });
  }
}

/** Has the engine take events up: all of them or, on an error, none. */
function take({ engine }: Opened, events: types.VisitorEvent[]): void {
  engine.record(
    Uint32Array.from(events, ({ item }) => engine.find(item)),
    Uint8Array.from(events, ({ event }) => EVENT_KINDS.indexOf(event)),
    Float64Array.from(events, ({ value }) => value ?? Number.NaN),
    Float64Array.from(events, ({ time }) => time ?? 0),
  );
}

/** Brings a model into the browser's cache. */
export async function prefetchModel(url: URL, hooks: Hooks): Promise<void> {
  const { source, copy } = await openDelivery({ url: url.href }, hooks, false);
  const bytes = new ByteReader(source, hooks.signal);
  while (await bytes.next());
  await copy?.accept();
}
