import { fetched, tellMissing } from "./optional.js";
import type { Arrivals } from "./arrivals.js";
import { ByteReader } from "../model/bytes.js";
import { hasCache, hasChanged } from "../model/cache.js";
import type { WasmInput } from "../model/compile.js";
import { type ModelFile, openDelivery } from "../model/download.js";
import { engineCall, type ModelInput, type Opened, openEngine, trapped } from "../model/engine.js";
import { closed, wrongType, wrongValue } from "../errors.js";
import type { Belief, KeptChange } from "../visitor/kept.js";
import { type Demands, type Hooks, partsModule } from "../model/model.js";
import { type Asked, asksMore, questionOf, resultsOf } from "./question.js";
import { kindsOf } from "../visitor/kinds.js";
import type { TellMore } from "../lazy/shop/question.js";
import type { Following } from "../lazy/parts/follow.js";
import type { TitleSearch } from "../lazy/search.js";
import type { InWords } from "../lazy/words.js";
import type { FieldSheet } from "../lazy/shop/fields.js";
import type { Tuning } from "../visitor/tuning.js";
import type * as types from "../types.js";
import { Visitor } from "../visitor/visitor.js";
import { engineGeneration, wholeEngine } from "../model/wasm.js";
import type { Question } from "../wasm/foldin.js";
import { weigh } from "../visitor/weights.js";

/** What a host is opened with. */
export interface OpenInput {
  model: ModelInput;
  profile: string | undefined;
  weights: types.EventWeights | undefined;
  /** Whether what anybody is like is believed of a visitor. */
  prior: boolean | undefined;
  /** Where the table of words is. */
  words: ModelFile | undefined;
  /** How many parts follow a head. */
  parts: types.LoadOptions["parts"];
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
 * All that the page can ask of the engine, each call with one plain input, so that it can cross to a worker.
 * {@link Recommender} documents what they do.
 */
export interface Host {
  open(input: OpenInput, hooks: Hooks): Promise<types.ModelInfo>;
  update(input: UpdateInput, hooks: Hooks): Promise<types.ModelInfo>;
  complete(): Promise<types.ModelInfo>;
  record(events: types.VisitorEvent[]): Promise<void>;
  undo(event: types.VisitorEvent): Promise<boolean>;
  forget(items: string[]): Promise<void>;
  erase(): Promise<void>;
  persist(profile: string): Promise<void>;
  withdraw(): Promise<void>;
  events(): Promise<types.VisitorEvent[]>;
  /** Those that rest too, and what is believed of the visitor. */
  history(): Promise<History>;
  merge(events: types.VisitorEvent[]): Promise<types.ProfileImport>;
  importHistory(list: string | Blob): Promise<types.HistoryImport>;
  /** With `rests`, a belief that the model has no place for waits for one that has. */
  believe(input: { belief: Belief | undefined; rests?: boolean }): Promise<void>;
  onboarding(count: number): Promise<types.Item[]>;
  addItem(item: types.NewItem): Promise<void>;
  removeItem(id: string): Promise<void>;
  addedItems(): Promise<types.AddedItem[]>;
  fineTune(tuning: Tuning, hooks: Hooks<types.TrainingProgress>): Promise<void>;
  resetTuning(): Promise<void>;
  recommend(options: types.RecommendOptions): Promise<Answered>;
  similar(input: { items: string[]; text?: string; options: types.SimilarOptions }): Promise<types.Recommendation[]>;
  setFields(fields: types.Fields): Promise<void>;
  recent(options: types.RecentOptions): Promise<types.Item[]>;
  rank(input: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]>;
  search(input: { text: string; count: number }): Promise<types.Hit[]>;
  has(id: string): Promise<boolean>;
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
  /** The engine instance that the model is in. */
  #generation = 0;
  #belief: Belief | undefined;
  /** The same as the engine was told it. */
  #believed: Float32Array = new Float32Array();
  /** The model whose engine was told it. */
  #believing: Opened | undefined;
  /** What was added and removed, once anything was. */
  #arrivals: Arrivals | undefined;
  /** What the page says of items besides the catalogue. */
  #fields: FieldSheet | undefined;
  /** Resolves when the last that other tabs did is done here. */
  #followed: Promise<void> = Promise.resolve();
  /** What brings the parts of a model in, where it has some. */
  #parts: Following | undefined;
  /** Read for searching, from the first search on. */
  #titles: Promise<TitleSearch> | undefined;
  #inWords: InWords | undefined;

  constructor(notify: Notify) {
    this.#notify = notify;
    this.#visitor = new Visitor({
      opened: () => this.#usable(),
      scale: () => this.#input?.weights?.scale ?? [1, 5],
      kinds: () => this.#kinds(),
      followed: (change) => this.#followNext(change),
      changed: () => notify("events", { count: this.#visitor.events().length }),
      stored: (state) => notify("storage", state),
    });
  }

  async open(input: OpenInput, hooks: Hooks): Promise<types.ModelInfo> {
    const { opened, mayAge } = await openEngine(input.model, input.wasm, hooks);
    this.#input = input;
    this.#model = opened;
    this.#generation = engineGeneration();
    if (input.weights) {
      await wholeEngine();
      weigh(opened.engine, input.weights);
    }
    this.#believe(opened, await this.#beliefOf(opened));
    if (input.profile !== undefined) {
      await this.#visitor.open(input.profile, addressOf(input.model));
      await this.#followed;
    }
    void this.#tellMissing(input);
    if (mayAge) void this.#watchServer(input.model);
    if (opened.info.of) {
      const parts = this.#partsOf(opened, input).then((parts) => (this.#parts = parts).start());
      // The head answers without them.
      await parts.catch((error: Error) => this.#notify("error", error));
    }
    return this.#info();
  }

  async update({ model, demands }: UpdateInput, hooks: Hooks): Promise<types.ModelInfo> {
    const present = this.#opened();
    if (!model && !("url" in present.model || "bytes" in present.model)) {
      throw wrongType("options.source", "a model's address or bytes, as this model has none", "none");
    }
    const input = { ...present, model: model ?? { ...present.model, ...demands } };
    const { opened } = await openEngine(input.model, input.wasm, hooks, true);
    const parts = opened.info.of ? await this.#partsOf(opened, input) : undefined;
    // As much of it as is wanted comes first: nothing that is shown is lost.
    const ready = (await parts?.ready()) ?? opened;
    this.#parts?.stop();
    await this.#swap(ready, input);
    this.#parts = parts;
    parts?.start();
    return this.#info();
  }

  async complete(): Promise<types.ModelInfo> {
    return this.#info();
  }

  /** What brings the parts in of which `head` is the head. */
  async #partsOf(head: Opened, { model, parts }: OpenInput): Promise<Following> {
    const { follow } = await partsModule();
    return follow(this, head, addressOf(model), parts, {
      opened: () => this.#model as Opened,
      swap: (whole) => this.#swap(whole, this.#opened()),
      joined: (may) => {
        this.#visitor.wake(may);
        this.#tellItems();
      },
      notify: this.#notify,
    });
  }

  /** Tells that other items are there. */
  #tellItems(): void {
    this.#titles = undefined;
    this.#inWords?.forget();
    this.#fields?.tell(this.#usable());
    this.#notify("items", { info: this.#info(), refused: this.#arrivals?.refused ?? [] });
  }

  /** Has another model answer, with all that is known of the visitor. */
  async #swap(opened: Opened, input: OpenInput): Promise<void> {
    const change = await this.#arrivals?.prepare(opened);
    const belief = await this.#beliefOf(opened);
    if (input.weights) await wholeEngine();
    // Closed meanwhile, there is nothing to update. From here on nothing waits, so that no event and no call falls
    // between the old engine and the new one.
    if (!this.#model) {
      opened.engine.free();
      throw closed();
    }
    if (input.weights) weigh(opened.engine, input.weights);
    this.#believe(opened, belief);
    change?.();
    this.#fields?.tell(opened);
    this.#input = input;
    this.#model.engine.free();
    this.#model = opened;
    this.#titles = undefined;
    this.#inWords?.close();
    this.#inWords = undefined;
    this.#visitor.replay();
    this.#arrivals?.moved(addressOf(input.model));
  }

  async record(events: types.VisitorEvent[]): Promise<void> {
    const now = Date.now();
    await this.#visitor.record(events.map((event) => ({ ...event, time: event.time ?? now })));
  }

  async undo(event: types.VisitorEvent): Promise<boolean> {
    return this.#visitor.undo(event);
  }

  async forget(items: string[]): Promise<void> {
    await this.#visitor.forget(items);
  }

  async erase(): Promise<void> {
    this.#belief = undefined;
    this.#believe(this.#usable(), priorOf(this.#usable(), this.#opened()));
    await this.#visitor.erase();
  }

  async persist(profile: string): Promise<void> {
    // What this page was told counts more than what is stored.
    const belief = this.#belief;
    await this.#visitor.open(profile, addressOf(this.#opened().model));
    await this.#followed;
    await Promise.all([this.#visitor.store(), this.#arrivals?.keep(), belief && this.believe({ belief, rests: true })]);
  }

  async withdraw(): Promise<void> {
    await this.#visitor.withdraw(true);
  }

  async events(): Promise<types.VisitorEvent[]> {
    this.#usable();
    return this.#visitor.events();
  }

  async history(): Promise<History> {
    this.#usable();
    return { events: this.#visitor.all(), belief: this.#belief };
  }

  async merge(events: types.VisitorEvent[]): Promise<types.ProfileImport> {
    const { merge } = await fetched(() => import("../visitor/merge.js"));
    return merge(this.#visitor, events);
  }

  async importHistory(list: string | Blob): Promise<types.HistoryImport> {
    const { findHistory } = await fetched(() => import("../lazy/history.js"));
    const { events, found } = await findHistory(list, this.#usable().catalog);
    const { added } = await this.merge(events);
    return { ...found, added };
  }

  async believe({ belief, rests = false }: { belief: Belief | undefined; rests?: boolean }): Promise<void> {
    const before = this.#belief;
    this.#belief = belief;
    try {
      const vector = await this.#beliefOf(this.#usable(), !rests);
      if (this.#belief === belief) this.#believe(this.#usable(), vector);
    } catch (error) {
      if (this.#belief === belief) this.#belief = before;
      throw error;
    }
    await (belief ? this.#visitor.profile?.keepBelief(belief) : this.#visitor.profile?.erase({ belief: true }));
  }

  async onboarding(count: number): Promise<types.Item[]> {
    const { onboarding } = await fetched(() => import("../lazy/onboarding.js"));
    return onboarding(() => this.#usable(), count);
  }

  async addItem(item: types.NewItem): Promise<void> {
    await (await this.#shop()).add(item);
  }

  async removeItem(id: string): Promise<void> {
    await (await this.#shop()).remove(id);
  }

  async addedItems(): Promise<types.AddedItem[]> {
    this.#usable();
    return this.#arrivals?.added() ?? [];
  }

  async fineTune(tuning: Tuning, hooks: Hooks<types.TrainingProgress>): Promise<void> {
    const [{ fineTune }] = await Promise.all([fetched(() => import("../visitor/tuning.js")), wholeEngine()]);
    await fineTune(() => this.#usable(), tuning, hooks);
  }

  async resetTuning(): Promise<void> {
    await wholeEngine();
    this.#ask(({ engine }) => engine.resetTuning());
  }

  async recommend(options: types.RecommendOptions): Promise<Answered> {
    if (options.text !== undefined) return (await this.#words()).recommend(options);
    return this.#answer(options, ({ engine }, question) => engine.recommend(question));
  }

  async similar({ items, text, options }: Parameters<Host["similar"]>[0]): Promise<types.Recommendation[]> {
    if (text !== undefined) return (await this.#words()).similar(text, options);
    const { metric, unknown, ...rest } = options;
    await wholeEngine();
    const { results } = await this.#answer(rest, ({ engine }, question) =>
      engine.similar(items, unknown === "skip", metric === "dot", question),
    );
    return results;
  }

  async setFields(fields: types.Fields): Promise<void> {
    const [{ FieldSheet }] = await Promise.all([fetched(() => import("../lazy/shop/fields.js")), wholeEngine()]);
    (this.#fields ??= new FieldSheet()).set(fields, this.#usable());
  }

  async recent(options: types.RecentOptions): Promise<types.Item[]> {
    const { recent } = await fetched(() => import("../lazy/shop/recent.js"));
    return recent(this.#usable(), this.#visitor.events(), options);
  }

  async rank({ items, options }: { items: string[]; options: types.RankOptions }): Promise<types.Recommendation[]> {
    const skip = options.unknown === "skip";
    const { unknown: _, ...rest } = options;
    return (await this.#answer(rest, ({ engine }, question) => engine.rank(items, skip, question))).results;
  }

  async search({ text, count }: { text: string; count: number }): Promise<types.Hit[]> {
    const [{ titleSearch }] = await Promise.all([fetched(() => import("../lazy/titled.js")), wholeEngine()]);
    const titles = await (this.#titles ??= titleSearch(() => this.#usable().catalog));
    const byLetters = this.#ask(({ engine }) => titles.find(text, count, (rows) => engine.wanted(Uint32Array.from(rows))));
    const { catalog } = this.#usable();
    if (this.#opened().words) return (await this.#words()).hits(byLetters, text, count);
    return byLetters.map((row) => ({ ...catalog.item(row), by: "letters" }));
  }

  /** What answers in words, once something asks. */
  async #words(): Promise<InWords> {
    const [{ InWords }] = await Promise.all([fetched(() => import("../lazy/words.js")), wholeEngine()]);
    return (this.#inWords ??= new InWords(this.#opened().words, {
      opened: () => this.#usable(),
      believed: () => this.#believed,
      answer: (options, ask) => this.#answer(options, ask),
      failed: (error) => this.#notify("error", error),
    }));
  }

  async has(id: string): Promise<boolean> {
    return this.#ask(({ engine }) => engine.has(id));
  }

  async item(id: string): Promise<types.Item> {
    return this.#ask(({ engine, catalog }) => catalog.item(engine.find(id)));
  }

  async items({ offset, count }: { offset: number; count: number }): Promise<types.Item[]> {
    const { catalog } = this.#usable();
    return catalog.rows(offset, count).map((row) => catalog.item(row));
  }

  async tensor(name: string): Promise<types.TensorData | undefined> {
    if (name === "map.xy") await wholeEngine();
    const place = ({ engine }: Opened) => (row: number) => (name === "map.xy" ? engine.place(row) : undefined);
    return this.#ask((opened) => opened.catalog.column(name, place(opened)));
  }

  async drift(): Promise<types.Drift | undefined> {
    const { driftOf } = await fetched(() => import("../visitor/drift.js"));
    return this.#ask((opened) => driftOf(opened, this.#visitor.all()));
  }

  async vector(): Promise<Float32Array> {
    return this.#ask(({ engine }) => engine.vector());
  }

  async close(): Promise<void> {
    this.#parts?.stop();
    await this.#visitor.close();
    this.#inWords?.close();
    // A broken engine is gone as a whole.
    if (this.#generation === engineGeneration()) this.#model?.engine.free();
    this.#input = this.#model = this.#arrivals = undefined;
  }

  #opened(): OpenInput {
    if (!this.#input) throw closed();
    return this.#input;
  }

  #usable(): Opened {
    this.#opened();
    if (this.#generation !== engineGeneration()) throw trapped();
    return this.#model as Opened;
  }

  #info(): types.ModelInfo {
    const { info, catalog } = this.#usable();
    return { ...info, items: catalog.length };
  }

  #ask<T>(call: (opened: Opened) => T): T {
    return engineCall(() => call(this.#usable()));
  }

  /** The kinds of events, by the numbers that the engine has for them. */
  #kinds(): string[] {
    return kindsOf(this.#input?.weights?.kinds);
  }

  /** Puts a question with options to the engine. */
  async #answer(
    options: Asked,
    ask: (opened: Opened, question: Question) => Float64Array,
  ): Promise<Answered> {
    let more: TellMore | undefined;
    if (asksMore(options)) {
      const [{ tellMore }] = await Promise.all([fetched(() => import("../lazy/shop/question.js")), wholeEngine()]);
      more = tellMore(this.#kinds());
    }
    return this.#ask((opened) => {
      const question = questionOf(options, opened.catalog, more);
      try {
        const numbers = ask(opened, question);
        const results = resultsOf(numbers, opened.catalog, this.#kinds(), options.explain);
        return { results, rowsRead: numbers[0] ?? 0 };
      } finally {
        question.free();
      }
    });
  }

  /** What this model believes of the visitor. Where it has no place for that, it is an error, or believes nothing. */
  async #beliefOf(opened: Opened, strict = false): Promise<Float32Array> {
    const belief = this.#belief;
    if (!belief) {
      if (this.#opened().prior) await wholeEngine();
      return priorOf(opened, this.#opened());
    }
    try {
      const [{ vectorOf }] = await Promise.all([fetched(() => import("../visitor/belief.js")), wholeEngine()]);
      return await vectorOf(() => opened, belief, () => this.#words());
    } catch (error) {
      if (strict || (error as { code?: string }).code) throw error;
      return new Float32Array();
    }
  }

  /** Tells the engine what is believed. One that believes nothing need not be told so. */
  #believe(opened: Opened, belief: Float32Array): void {
    if (belief.length === 0 && this.#believing !== opened) return;
    engineCall(() => opened.engine.believe(belief));
    this.#believed = belief;
    this.#believing = opened;
  }

  async #shop(): Promise<Arrivals> {
    const [{ Arrivals }] = await Promise.all([fetched(() => import("./arrivals.js")), wholeEngine()]);
    this.#arrivals ??= new Arrivals({
      opened: () => this.#usable(),
      visitor: this.#visitor,
      words: () => this.#words(),
      changed: () => this.#tellItems(),
    });
    return this.#arrivals;
  }

  /** Does what another tab did, after what others did before. */
  #followNext(change: KeptChange): void {
    const done = this.#followed.then(() => this.#follow(change));
    this.#followed = done.catch((error: unknown) => this.#notify("error", error as Error));
  }

  async #follow({ items, belief }: KeptChange): Promise<void> {
    if (items) await (await this.#shop()).follow(items);
    if (belief === undefined) return;
    this.#belief = belief ?? undefined;
    const opened = this.#usable();
    const vector = await this.#beliefOf(opened);
    // It may have told of itself, or be another model, by now.
    if (this.#belief === (belief ?? undefined) && this.#model === opened) this.#believe(opened, vector);
  }

  /** Tells what the browser lacks that this page could have used. */
  async #tellMissing({ model }: OpenInput): Promise<void> {
    if (this.#visitor.profile?.apart) void tellMissing("tabs", this.#notify);
    if ("url" in model && !(await hasCache())) void tellMissing("cache", this.#notify);
  }

  async #watchServer(model: ModelInput): Promise<void> {
    if ("url" in model && (await hasChanged(new URL(model.url)))) this.#notify("stale", { url: model.url });
  }
}

/** What is believed of anybody, where that was asked for. */
function priorOf({ catalog }: Opened, { prior }: OpenInput): Float32Array {
  if (!prior) return new Float32Array();
  const mean = catalog.tensor("prior.mean");
  if (mean instanceof Float32Array) return mean;
  throw wrongValue("prior", "a model from `foldin train` (iALS)", "one without a prior");
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
