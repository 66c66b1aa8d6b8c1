// What words mean: texts as a model takes them, and items by what they are about.

import { wrongValue } from "../../errors.js";
import { Moments } from "../../host/task.js";
import type { Catalog } from "../../model/catalog.js";
import type { Opened } from "../../model/engine.js";
import type { ModelFile } from "../../model/download.js";
import type { FeatureValue, Item } from "../../types.js";
import { halves } from "../../wasm/foldin_words.js";
import { askLab } from "../lab.js";
import { readTable, type Table } from "./file.js";
import { plain } from "./plain.js";

/** What the lab reads of a model. */
const TENSORS = ["words."];

/** Words of a wish that are told of, at most. */
const TOLD = 32;

/** A text's words beside the model's frequent tokens: numbers that its maps take. */
interface Said {
  words: string[];
  /** [words, inputs] */
  byWord: Float32Array;
  inputs: Float32Array;
}

/** A wish, as the engine believes it. */
export interface Wish {
  belief: Float32Array;
  /** What each of its words alone makes be believed. */
  words: { word: string; pull: Float32Array }[];
}

/** A table of words, with what a model learned of it. */
export class Meaning {
  readonly #table: Table;
  /** Whose items stand on the shelf. */
  #shelved: Promise<void> | undefined;

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

  /** The factors of items that are described so, in a model that learned from this table; empty where no word is known. */
  async factors(opened: () => Opened, texts: string[]): Promise<Float32Array[]> {
    const frequent = this.#frequent(opened());
    const inputs = texts.map((text) => this.#table.words.inputs(this.#plain(text), frequent));
    return askLab(opened, TENSORS, (part) =>
      inputs.map((of) => (isKnown(of) ? part.factorOfText(of) : new Float32Array())),
    );
  }

  /** What is to be believed of somebody who wishes for it, of which one half may deny. */
  async wish(opened: () => Opened, text: string): Promise<Wish> {
    const frequent = this.#frequent(opened());
    const [wished, not] = halves(this.#plain(text)).split("\n").map((words) => this.#said(words, frequent)) as [Said, Said];
    const inputs = wished.inputs.map((v, at) => v - (not.inputs[at] as number));
    if (!isKnown(inputs)) throw unknownWords();
    const words = [...rowsOf(wished, 1), ...rowsOf(not, -1)].slice(0, TOLD);
    return askLab(opened, TENSORS, (part) => {
      const nobody = part.beliefOfText(new Float32Array(inputs.length));
      const pullOf = (row: Float32Array): Float32Array => part.beliefOfText(row).map((v, at) => v - (nobody[at] as number));
      return { belief: part.beliefOfText(inputs), words: words.map(({ word, row }) => ({ word, pull: pullOf(row) })) };
    });
  }

  /** Rows of the items that are about the text, nearest first; none where no word is known. */
  async nearest(catalog: () => Catalog, text: string, count: number): Promise<number[]> {
    this.#shelved ??= this.#shelve(catalog);
    await this.#shelved;
    const { words } = this.#table;
    const vector = words.vector(this.#plain(text));
    return vector.length === 0 ? [] : Array.from(words.nearest(vector, count)).filter((_, at) => at % 2 === 0);
  }

  /** Reads what the catalogue says, a few milliseconds at a time. */
  async #shelve(catalog: () => Catalog): Promise<void> {
    const { words } = this.#table;
    const moments = new Moments();
    words.clear();
    for (const [at, row] of catalog().rows(0, catalog().length).entries()) {
      if (at % 64 === 63) await moments.next();
      words.add(row, this.#plain(textOf(catalog().item(row))));
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
    return catalog.tensor("words.frequent") as Uint32Array;
  }

  #said(words: string, frequent: Uint32Array): Said {
    const { words: table } = this.#table;
    const byWord = table.inputsByWord(words, frequent);
    return { words: words === "" ? [] : words.split(" "), byWord, inputs: table.inputs(words, frequent) };
  }
}

/** What is said of an item, in one text, as in training: title, description, tags and year. */
export const textOf = ({ title = "", tags = {}, numbers = {} }: Omit<Item, "item">, description = ""): string =>
  [title, description, ...Object.values(tags).flat(), numbers.year ?? ""].join(" ");

/** The same of one that comes. */
export function textOfNew(item: { title?: string; description?: string; features?: Record<string, FeatureValue> }): string {
  const { title, description, features = {} } = item;
  const tags = Object.entries(features).filter(([, value]) => typeof value !== "number" && value !== null);
  const year = features.year;
  return textOf(
    {
      ...(title !== undefined && { title }),
      tags: Object.fromEntries(tags.map(([column, value]) => [column, [value].flat() as string[]])),
      ...(typeof year === "number" && { numbers: { year } }),
    },
    description,
  );
}

function rowsOf({ words, byWord }: Said, sign: number): { word: string; row: Float32Array }[] {
  const width = byWord.length / Math.max(1, words.length);
  const row = (at: number): Float32Array => byWord.slice(at * width, (at + 1) * width).map((v) => sign * v);
  return words.map((word, at) => ({ word, row: row(at) })).filter(({ row }) => row.some((v) => v !== 0));
}

const isKnown = (inputs: Float32Array): boolean => inputs.some((v) => v !== 0);

/** What a text without a word that is known comes to. */
export const unknownWords = (): Error => wrongValue("text", "a word that the table knows", "none");
