// What words mean: texts as a model takes them, and items by what they are about.

import { wrongValue } from "../errors.js";
import { Moments } from "../host/task.js";
import type { Catalog } from "../model/catalog.js";
import type { Opened } from "../model/engine.js";
import type { ModelFile } from "../model/download.js";
import type { Item, NewItem } from "../types.js";
import { halves } from "../wasm/foldin_words.js";
import { askLab } from "./lab.js";
import { readTable, type Table } from "./words-table.js";
import { plain } from "./words-plain.js";

/** What the lab reads of a model. */
const TENSORS = ["words."];

/** Words of a wish that are told of, at most. */
const TOLD = 32;

/** A wish, as the engine believes it. */
export interface Wish {
  belief: Float32Array;
  /** What would be believed less without each of its words. */
  words: { word: string; pull: Float32Array }[];
}

/** A table of words, with what a model learned of it. */
export class Meaning {
  readonly #table: Table;
  /** Whose items stand on the shelf. */
  #shelved: Promise<void> | undefined;
  /** How often they were put there. */
  #turn = 0;

  private constructor(table: Table) {
    this.#table = table;
  }

  static async open(file: ModelFile): Promise<Meaning> {
    return new Meaning(await readTable(file));
  }

  /** Forgets the items, which are others now. */
  forget(): void {
    this.#shelved = undefined;
  }

  free(): void {
    this.#table.words.free();
  }

  /** The factors of items that are described so, in a model that learned from this table; undefined where no word is known. */
  async factors(opened: () => Opened, texts: string[]): Promise<(Float32Array | undefined)[]> {
    const frequent = this.#frequent(opened());
    const inputs = texts.map((text) => this.#table.words.inputs(this.#plain(text), frequent));
    return askLab(opened, TENSORS, (part) =>
      inputs.map((of) => (isKnown(of) ? part.factorOfText(of) : undefined)),
    );
  }

  /** What is to be believed of somebody who wishes for it, of which one half may deny. */
  async wish(opened: () => Opened, text: string, explain = false): Promise<Wish> {
    const frequent = this.#frequent(opened());
    const halved = halves(this.#plain(text)).split("\n").map((half) => half.split(" ").filter(Boolean));
    const of = (without?: string): Float32Array => {
      const [wished, not] = halved.map((words) =>
        this.#table.words.inputs(words.filter((word) => word !== without).join(" "), frequent),
      ) as [Float32Array, Float32Array];
      // The last is a year: one that is denied says nothing of others.
      return wished.map((v, at) => (at < wished.length - 1 ? v - (not[at] as number) : v));
    };
    const inputs = of();
    if (!isKnown(inputs)) throw unknownWords();
    const told = explain ? [...new Set(halved.flat())].slice(0, TOLD) : [];
    return askLab(opened, TENSORS, (part) => {
      const belief = part.beliefOfText(inputs);
      const pull = (word: string): Float32Array => {
        const without = part.beliefOfText(of(word));
        return belief.map((v, at) => v - (without[at] as number));
      };
      return { belief, words: told.map((word) => ({ word, pull: pull(word) })) };
    });
  }

  /** Rows of the items that are about the text, nearest first; none where no word is known. */
  async nearest(catalog: () => Catalog, text: string, count: number): Promise<number[]> {
    let shelved: Promise<void> | undefined;
    // The items may have become others meanwhile.
    while (!shelved || shelved !== this.#shelved) await (shelved = this.#shelved ??= this.#shelve(catalog, ++this.#turn));
    const { words } = this.#table;
    const vector = words.vector(this.#plain(text));
    return vector.length === 0 ? [] : Array.from(words.nearest(vector, count)).filter((_, at) => at % 2 === 0);
  }

  /** Reads what the catalogue says, a few milliseconds at a time. */
  async #shelve(catalog: () => Catalog, turn: number): Promise<void> {
    const { words } = this.#table;
    const moments = new Moments();
    words.clear();
    for (const [at, row] of catalog().rows(0, catalog().length).entries()) {
      if (at % 64 === 63) await moments.next();
      if (turn !== this.#turn) return;
      const { title = "", tags = {} } = catalog().item(row);
      const about = this.#plain(Object.values(tags).flat().join(" "));
      // Lines count alike. Tags say what an item is about, titles are names.
      words.add(row, [this.#plain(title), about, about].join("\n"));
    }
  }

  #plain(text: string): string {
    return plain(text, this.#table.rules);
  }

  #frequent({ catalog, header }: Opened): Uint32Array {
    const { id } = this.#table;
    const trained = header.metadata.words_table;
    if (trained === undefined) {
      throw wrongValue("text", "a model that learned from words (`foldin train --items FILE --words TABLE`)", "one without");
    }
    if (trained !== id) throw wrongValue("options.words", `the table that the model was trained with, ${trained}`, id);
    return (catalog.tensor("words.frequent") ?? new Uint32Array()) as Uint32Array;
  }
}

/** What is said of an item, in one text, as in training: title, description, tags and year. */
export const textOf = ({ title = "", tags = {}, numbers = {} }: Omit<Item, "item">, description = ""): string =>
  [title, description, ...Object.values(tags).flat(), numbers.year ?? ""].join(" ");

/** The same of one that comes. */
export function textOfNew({ title, description, features = {} }: NewItem): string {
  const { year } = features;
  const tags = Object.values(features).filter((value) => typeof value !== "number" && value !== null).flat();
  return textOf({ title: title ?? "", tags: { all: tags as string[] }, numbers: typeof year === "number" ? { year } : {} }, description);
}

const isKnown = (inputs: Float32Array): boolean => inputs.some((v) => v !== 0);

/** What a text without a word that is known comes to. */
export const unknownWords = (): Error => wrongValue("text", "a word that the table knows", "none");
