import { engineCall, FoldinError } from "./errors.js";
import { type Hooks, type ModelFile, openSource, readModel } from "./model.js";
import { Profile } from "./profile.js";
import type * as types from "./types.js";
import { startWasm } from "./wasm.js";
import { Engine } from "./wasm/foldin.js";

/** Where a model comes from. */
export type ModelInput = ModelFile | types.FactorsInput;

/**
 * All that the page can ask of the engine, each question with one plain input, so that it can cross to a worker.
 * {@link Recommender} documents what they do.
 */
export interface Host {
  open(input: { model: ModelInput; profile: string | undefined }, hooks: Hooks): Promise<types.ModelInfo>;
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

/** The engine and the visitor's stored events, on the thread that this runs on. */
export class LocalHost implements Host {
  readonly #notify: (state: types.StorageState) => void;
  #engine: Engine | undefined;
  #profile: Profile | undefined;

  constructor(notify: (state: types.StorageState) => void) {
    this.#notify = notify;
  }

  async open(
    { model, profile }: { model: ModelInput; profile: string | undefined },
    hooks: Hooks,
  ): Promise<types.ModelInfo> {
    this.#engine = await openEngine(model, hooks);
    if (profile !== undefined) {
      const [opened, events] = await Profile.open(profile, this.#notify);
      this.#profile = opened;
      await this.#replay(events);
    }
    return this.#ask((engine) => engine.info());
  }

  async record(events: types.VisitorEvent[]): Promise<void> {
    const now = Date.now();
    const timed = events.map((event) => ({ ...event, time: event.time ?? now }));
    await this.#ask((engine) => engine.record(timed));
    await this.#profile?.append(timed);
  }

  async forget(items: string[]): Promise<void> {
    await this.#ask((engine) => items.forEach((item) => engine.forget(item)));
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
    return this.#ask((engine) => engine.search(text, count));
  }

  item(id: string): Promise<types.Item> {
    return this.#ask((engine) => engine.item(id));
  }

  vector(): Promise<Float32Array> {
    return this.#ask((engine) => engine.vector());
  }

  async close(): Promise<void> {
    this.#profile?.close();
    this.#engine?.free();
    this.#profile = this.#engine = undefined;
  }

  /** Puts a question to the engine, at once: what it changes is changed before anything else runs. */
  async #ask<T>(question: (engine: Engine) => T): Promise<T> {
    if (!this.#engine) throw new FoldinError("closed", "this recommender was closed; load another one");
    const engine = this.#engine;
    return engineCall(() => question(engine));
  }

  /** Takes up stored events. One that this version of the model refuses rests in the profile until one takes it. */
  async #replay(events: types.VisitorEvent[]): Promise<void> {
    for (const event of events) {
      await this.#ask((engine) => engine.record([event])).catch((error: unknown) => {
        if (error instanceof FoldinError && error.code === "trap") throw error;
      });
    }
  }
}

async function openEngine(model: ModelInput, hooks: Hooks): Promise<Engine> {
  if ("factors" in model) {
    await startWasm();
    return engineCall(() => Engine.fromFactors(model.factors, model.dim, model.ids, model.precision));
  }
  const [memory, source] = await Promise.all([startWasm(), openSource(model, hooks)]);
  const { header, buffer } = await readModel(source, memory, hooks);
  return engineCall(() => Engine.open(header, buffer));
}
