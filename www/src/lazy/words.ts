// Questions in words: what they mean, put to the engine. A chunk of its own.

import type { Answered } from "../host/host.js";
import type { Asked } from "../host/question.js";
import { wrongValue } from "../errors.js";
import type { ModelFile } from "../model/download.js";
import type { Opened } from "../model/engine.js";
import type { Hit, NewItem, Recommendation, RecommendOptions, SimilarOptions, WordShare } from "../types.js";
import type { Question } from "../wasm/foldin.js";
import { Meaning, textOfNew, unknownWords, type Wish } from "./words-meaning.js";

/** What answers. */
export interface Desk {
  opened(): Opened;
  /** What is believed of the visitor now. */
  believed(): Float32Array;
  answer(options: Asked, ask: (opened: Opened, question: Question) => Float64Array): Promise<Answered>;
  /** Hears what did not come where something else answers instead. */
  failed(error: Error): void;
}

/** What answers in words. The table is fetched when a question needs it. */
export class InWords {
  readonly #file: ModelFile | undefined;
  readonly #desk: Desk;
  #meaning: Promise<Meaning> | undefined;

  constructor(file: ModelFile | undefined, desk: Desk) {
    this.#file = file;
    this.#desk = desk;
  }

  /** What goes with a visitor who wishes for the text, which takes the place of what is believed of them for this once. */
  async recommend({ text = "", ...options }: RecommendOptions): Promise<Answered> {
    const desk = this.#desk;
    const wish = await (await this.#open()).wish(desk.opened, text, options.explain);
    const answered = await desk.answer(options, ({ engine }, question) => {
      engine.believe(wish.belief);
      try {
        return engine.recommend(question);
      } finally {
        engine.believe(desk.believed());
      }
    });
    if (options.explain) await tellWords(desk, wish, answered.results);
    return answered;
  }

  /** The items most like one that is so described. */
  async similar(text: string, { metric, unknown: _, ...options }: SimilarOptions): Promise<Recommendation[]> {
    const [vector] = await (await this.#open()).factors(this.#desk.opened, [text]);
    if (!vector) throw unknownWords();
    const asked = { ...options, vector };
    const ask = ({ engine }: Opened, question: Question): Float64Array => engine.similar([], true, metric === "dot", question);
    return (await this.#desk.answer(asked, ask)).results;
  }

  /** The items of these rows, then those that are about the text; these alone, and a notice, where the table does not come. */
  async hits(byLetters: number[], text: string, count: number): Promise<Hit[]> {
    const catalog = () => this.#desk.opened().catalog;
    let byMeaning: number[] = [];
    try {
      byMeaning = await (await this.#open()).nearest(catalog, text, count);
    } catch (error) {
      this.#desk.failed(error as Error);
    }
    const hit = (by: Hit["by"]) => (row: number): Hit => ({ ...catalog().item(row), by });
    const others = byMeaning.filter((row) => !byLetters.includes(row));
    return [...byLetters.map(hit("letters")), ...others.map(hit("meaning"))].slice(0, count);
  }

  /** What is to be believed of somebody who wishes for a text. */
  async belief(opened: () => Opened, text: string): Promise<Float32Array> {
    return (await (await this.#open()).wish(opened, text)).belief;
  }

  /** The factors of new items, by their words; or why there is none. */
  async factors(opened: () => Opened, items: NewItem[]): Promise<(Float32Array | Error)[]> {
    const factors = await (await this.#open()).factors(opened, items.map(textOfNew));
    return factors.map((factor) => factor ?? unknownWords());
  }

  /** Forgets the items, which are others now. */
  forget(): void {
    this.#meaning?.then((meaning) => meaning.forget(), () => {});
  }

  close(): void {
    this.#meaning?.then((meaning) => meaning.free(), () => {});
    this.#meaning = undefined;
  }

  /** A table that did not come is fetched anew the next time. */
  #open(): Promise<Meaning> {
    if (!this.#file) throw wrongValue("options.words", "a table of words, given when the model was loaded", "none");
    this.#meaning ??= Meaning.open(this.#file).catch((error: unknown) => {
      this.#meaning = undefined;
      throw error;
    });
    return this.#meaning;
  }
}

/** Says of each result which words moved it: its product with what each makes be believed. */
async function tellWords(desk: Desk, { words }: Wish, results: Recommendation[]): Promise<void> {
  const ids = results.map(({ item }) => item);
  if (ids.length === 0) return;
  const moved = new Map<string, WordShare[]>(ids.map((id) => [id, []]));
  for (const { word, pull } of words) {
    const ranked = await desk.answer({ vector: pull }, ({ engine }, question) => engine.rank(ids, true, question));
    for (const { item, score } of ranked.results) if (score !== 0) moved.get(item)?.push({ word, share: score });
  }
  for (const result of results) {
    result.words = (moved.get(result.item) ?? []).sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  }
}
