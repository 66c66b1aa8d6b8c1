import { ByteReader } from "./bytes.js";
import { hasChanged } from "./cache.js";
import type { Belief, ColdQuestion, Kept, KeptChange } from "./cold/question.js";
import type { ColdStart } from "./cold/start.js";
import type { WasmInput } from "./compile.js";
import { openDelivery } from "./download.js";
import { engineCall, type FullOpened, isUntold, type ModelInput, type Opened, openEngine, trapped } from "./engine.js";
import { closed } from "./errors.js";
import type { Demands, Hooks } from "./model.js";
import { questionOf, resultsOf } from "./question.js";
import type * as types from "./types.js";
import { Visitor } from "./visitor.js";
import { wasmGeneration } from "./wasm.js";
import type { Question } from "./wasm/foldin.js";
import type { Tuning } from "./workshop.js";

/** What a host is opened with. */
export interface OpenInput {
  model: ModelInput;
  profile: string | undefined;
  weights: types.EventWeights | undefined;
  /** Whether what anybody is like is believed of a visitor. */
  prior: boolean | undefined;
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
  undo(event: types.VisitorEvent): Promise<boolean>;
  forget(items: string[]): Promise<void>;
  erase(): Promise<void>;
  events(): Promise<types.VisitorEvent[]>;
  /** Those that rest too, and what is believed of the visitor. */
  history(): Promise<History>;
  merge(events: types.VisitorEvent[]): Promise<types.ProfileImport>;
  importHistory(text: string): Promise<types.HistoryImport>;
  fineTune(tuning: Tuning, hooks: Hooks<types.TrainingProgress>): Promise<void>;
  resetTuning(): Promise<void>;
  /** While nobody is known yet. */
  cold(question: ColdQuestion): Promise<unknown>;
  recommend(options: types.RecommendOptions): Promise<Answered>;
  similar(input: { item: string; options: types.SimilarOptions }): Promise<types.Recommendation[]>;
  rank(input: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]>;
  search(input: { text: string; count: number }): Promise<types.Item[]>;
  item(id: string): Promise<types.Item>;
  items(input: { offset: number; count: number }): Promise<types.Item[]>;
  tensor(name: string): Promise<types.TensorData | undefined>;
  drift(): Promise<types.Drift | undefined>;
  vector(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** What is known of a visitor. */
export interface History {
  events: types.VisitorEvent[];
  belief: Belief | undefined;
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
  readonly #visitor: Visitor;
  #input: OpenInput | undefined;
  #model: Opened | undefined;
  /** The model in the module with all that few pages ask for, once somebody asked for it. */
  #full: Promise<FullOpened> | undefined;
  /** What is added, removed and believed, once anything is. */
  #cold: ColdStart | undefined;
  /** Of the wasm that the engine is in. */
  #generation = 0;
  /** Folded for searching, from the first search on. */
  #titles: string[] | undefined;

  constructor(notify: Notify) {
    this.#notify = notify;
    this.#visitor = new Visitor({
      opened: () => this.#usable(),
      full: () => this.#promote(),
      scale: () => this.#input?.weights?.scale ?? [1, 5],
      followed: (change) => void this.#follow(change),
      changed: () => notify("events", { count: this.#visitor.events().length }),
      stored: (state) => notify("storage", state),
    });
  }

  async open(input: OpenInput, hooks: Hooks): Promise<types.ModelInfo> {
    const { opened, mayAge } = await openEngine(input.model, input.wasm, hooks);
    this.#input = input;
    this.#model = opened;
    this.#generation = wasmGeneration();
    if (input.profile !== undefined) {
      const kept = await this.#visitor.open(input.profile, addressOf(input.model));
      if (kept.items.length || kept.belief) await this.#startCold(kept);
    }
    if (input.prior) await this.#startCold();
    if (input.weights || this.#cold) {
      const full = await this.#promote();
      this.#cold?.check(full);
    }
    if (mayAge) void this.#watchServer(input.model);
    return this.#usable().info;
  }

  async update({ model, demands }: UpdateInput, hooks: Hooks): Promise<types.ModelInfo> {
    const present = this.#opened();
    const input = { ...present, model: model ?? { ...present.model, ...demands } };
    const { opened } = await openEngine(input.model, input.wasm, hooks, true);
    const prepare = input.weights || this.#cold ? await this.#preparer() : undefined;
    // Closed meanwhile, there is nothing to update. From here on nothing waits, so that no event and no question falls
    // between the old engine and the new one.
    if (!this.#model) {
      opened.engine.free();
      throw closed();
    }
    this.#input = input;
    const prepared = prepare?.(opened);
    this.#full = prepared && Promise.resolve(prepared);
    this.#move(prepared ?? opened);
    if (prepared && prepared !== opened) opened.engine.free();
    this.#cold?.moved(addressOf(input.model));
    return this.#usable().info;
  }

  async record(events: types.VisitorEvent[]): Promise<void> {
    const now = Date.now();
    const timed = events.map((event) => ({ ...event, time: event.time ?? now }));
    await this.#told(() => this.#visitor.record(timed));
  }

  async undo(event: types.VisitorEvent): Promise<boolean> {
    return this.#visitor.undo(event);
  }

  async forget(items: string[]): Promise<void> {
    await this.#visitor.forget(items);
  }

  async erase(): Promise<void> {
    await this.#visitor.erase();
    await this.#cold?.erase();
  }

  events(): Promise<types.VisitorEvent[]> {
    return this.#ask(() => this.#visitor.events());
  }

  history(): Promise<History> {
    return this.#ask(() => ({ events: this.#visitor.all(), belief: this.#cold?.belief }));
  }

  async merge(events: types.VisitorEvent[]): Promise<types.ProfileImport> {
    return this.#visitor.merge(events);
  }

  async importHistory(text: string): Promise<types.HistoryImport> {
    const { findHistory } = await import("./history.js");
    const { events, found } = await this.#ask(({ catalog }) => findHistory(text, catalog));
    const { added } = await this.merge(events);
    return { ...found, added };
  }

  async fineTune(tuning: Tuning, hooks: Hooks<types.TrainingProgress>): Promise<void> {
    const { fineTune } = await import("./workshop.js");
    await this.#promote();
    await fineTune(() => this.#usable() as FullOpened, tuning, hooks);
  }

  async resetTuning(): Promise<void> {
    // Whoever never tuned has nothing to reset.
    if (await this.#full) engineCall(() => (this.#usable() as FullOpened).engine.resetTuning());
  }

  async cold(question: ColdQuestion): Promise<unknown> {
    return (await this.#startCold()).answer(question);
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

  async search({ text, count }: { text: string; count: number }): Promise<types.Item[]> {
    const { findTitles, fold } = await import("./search.js");
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

  async drift(): Promise<types.Drift | undefined> {
    const { driftOf } = await import("./drift.js");
    return this.#ask((model) => driftOf(model, this.#visitor.all()));
  }

  vector(): Promise<Float32Array> {
    return this.#ask(({ engine }) => engine.vector());
  }

  async close(): Promise<void> {
    await this.#visitor.close();
    // A broken wasm is gone as a whole.
    if (this.#generation === wasmGeneration()) this.#model?.engine.free();
    this.#input = this.#model = this.#full = this.#cold = undefined;
  }

  #opened(): OpenInput {
    if (!this.#input) throw closed();
    return this.#input;
  }

  /** Calls the engine, at once: what it changes is changed before anything else runs. */
  async #ask<T>(question: (model: Opened) => T): Promise<T> {
    return this.#told(async () => engineCall(() => question(this.#usable())));
  }

  /** What the small module refuses is asked again of the full one, whose errors say why. */
  async #told<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isUntold(error)) throw error;
    }
    await this.#promote();
    return call();
  }

  #usable(): Opened {
    this.#opened();
    if (this.#generation !== wasmGeneration()) throw trapped();
    return this.#model as Opened;
  }

  /** Lets another engine take the place of the present one, and tells it of the visitor. */
  #move(opened: Opened): void {
    const old = this.#model;
    this.#model = opened;
    this.#titles = undefined;
    this.#visitor.replay();
    old?.engine.free();
  }

  /** Moves into the module with all that few pages ask for. */
  #promote(): Promise<FullOpened> {
    this.#full ??= this.#moveToFull().catch((error: unknown) => {
      // What could not be fetched now may be the next time.
      this.#full = undefined;
      throw error;
    });
    return this.#full;
  }

  async #moveToFull(): Promise<FullOpened> {
    const prepare = await this.#preparer();
    const present = this.#usable();
    const full = prepare(present);
    if (full !== present) this.#move(full);
    return full;
  }

  /** Makes a model in the full module what this host was asked to have, at once. */
  async #preparer(): Promise<(opened: Opened) => FullOpened> {
    const { promoter, weigh } = await import("./workshop.js");
    const promote = await promoter();
    return (opened) => {
      const promoted = promote(opened);
      const full = this.#cold?.shape(promoted) ?? promoted;
      if (full !== promoted && promoted !== opened) promoted.engine.free();
      if (this.#input?.weights) weigh(full.engine, this.#input.weights);
      return full;
    };
  }

  /** What is added, removed and believed: what is kept of it, if anything was. */
  async #startCold(kept: Kept = { items: [], belief: undefined }): Promise<ColdStart> {
    const { ColdStart } = await import("./cold/start.js");
    this.#cold ??= new ColdStart(
      {
        full: () => this.#promote(),
        opened: () => this.#usable() as FullOpened,
        settle: (model) => {
          this.#full = Promise.resolve(model);
          if (model !== this.#model) this.#move(model);
        },
        changed: (refused) => this.#notify("items", { info: this.#usable().info, refused }),
        input: () => this.#opened(),
        profile: () => this.#visitor.profile,
      },
      kept,
    );
    return this.#cold;
  }

  /** Does what another tab did. */
  async #follow(change: KeptChange): Promise<void> {
    const concerns = change.items || change.belief || (change.belief === null && this.#cold);
    if (concerns) await (await this.#startCold()).follow(change);
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

  async #watchServer(model: ModelInput): Promise<void> {
    if ("url" in model && (await hasChanged(new URL(model.url)))) this.#notify("stale", { url: model.url });
  }
}

/** What tells a model from others; nothing for one that was handed over. */
const addressOf = (model: ModelInput): string => ("url" in model ? model.url : "");

/** Brings a model into the browser's cache. */
export async function prefetchModel(url: URL, hooks: Hooks): Promise<void> {
  const { source, copy } = await openDelivery({ url: url.href }, hooks, false);
  const bytes = new ByteReader(source, hooks.signal);
  while (await bytes.next());
  await copy?.accept();
}
