// Titles by what somebody types. A chunk of its own.

import type { Moments } from "../host/task.js";
import { namesOf, plainWords, wordsOf, withoutArticle, yearIn } from "./spelling.js";
import { isNear, LETTERS, startsNear } from "./typo.js";

/** How many rows of a short beginning are looked at; the rows of a model start with what is most in demand. */
const ROOM = 2000;

/** Lists by the first or last letters of texts. One or two letters begin so much that the first of it must do. */
class Ends {
  readonly #lists = new Map<string, number[]>();
  readonly #end: (text: string, letters: number) => string;

  constructor(end: (text: string, letters: number) => string) {
    this.#end = end;
  }

  add(text: string, entry: number, shortest: number): void {
    for (let letters = shortest; letters <= Math.min(3, text.length); letters++) {
      const key = this.#end(text, letters);
      const list = this.#lists.get(key);
      if (!list) this.#lists.set(key, [entry]);
      else if (list.at(-1) !== entry && (letters > 1 || list.length < ROOM)) list.push(entry);
    }
  }

  /** What has the end of so many letters of the text. */
  of(text: string, letters = 3): number[] {
    return this.#lists.get(this.#end(text, Math.min(3, letters, text.length))) ?? [];
  }
}

const head = (text: string, letters: number): string => text.slice(0, letters);
const tail = (text: string, letters: number): string => text.slice(-letters);

/** What is typed, as words and without spaces, with the year behind it, if it has one. */
interface Query {
  words: string[];
  key: string;
  year: number | undefined;
}

/**
 * Titles that are asked for by a part of them: case, accents, punctuation and articles aside, with the year or without
 * it, and with one typing error from five letters on.
 */
export class TitleSearch {
  /** By form: one spelling of a title. A title that has an article has three. */
  readonly #rows: number[] = [];
  readonly #words: string[] = [];
  readonly #keys: string[] = [];
  readonly #exact = new Map<string, number[]>();
  readonly #heads = new Ends(head);
  readonly #tails = new Ends(tail);
  readonly #wordHeads = new Ends(head);
  readonly #wordTails = new Ends(tail);
  readonly #years = new Map<number, number>();
  #whole: string | undefined;

  /** Reads titles, a few milliseconds at a time. `yearOf` says a year that the title does not. */
  static async of(
    titles: Iterable<[row: number, title: string]>,
    yearOf: (row: number) => number | undefined,
    moments: Moments,
  ): Promise<TitleSearch> {
    const search = new TitleSearch();
    let read = 0;
    for (const [row, title] of titles) {
      search.#add(row, title, yearIn(title) ?? yearOf(row));
      if (++read % 64 === 0) await moments.next();
    }
    return search;
  }

  /**
   * The rows of the best `count` titles: the exact one, then those that start with the text, then those that have its
   * words, then those with a typing error between, then those that have it inside. Of equals those come first that
   * have the year and, last of all, those that are `wanted` most.
   */
  find(text: string, count: number, wanted: (rows: number[]) => ArrayLike<number>): number[] {
    const queries = queriesOf(text);
    const found = new Set<number>();
    const look = (
      levels: ((query: Query) => number[])[],
      queries: Query[],
      fits: (row: number, query: Query) => boolean,
    ): void => {
      for (const level of levels) {
        for (const query of queries) {
          if (found.size >= count) return;
          const rows = new Set(level.call(this, query).map((form) => this.#rows[form] as number));
          const added = [...rows].filter((row) => !found.has(row) && fits(row, query));
          for (const row of inOrder(added, wanted)) found.add(row);
        }
      }
    };
    const right = [this.#equal, this.#starting, this.#worded];
    // Who says the year means it; who says a wrong one may mean it all the same.
    const dated = queries.filter(({ year }) => year !== undefined);
    look([...right, this.#misspelt], dated, (row, { year }) => this.#years.get(row) === year);
    look(right, queries, () => true);
    // What takes longer and tells less, where nothing is right.
    if (found.size === 0) look([this.#misspelt, this.#miswritten], queries, () => true);
    else look([this.#misspelt], queries, () => true);
    if (found.size === 0) look([this.#inside], queries, () => true);
    return [...found].slice(0, count);
  }

  #add(row: number, title: string, year: number | undefined): void {
    if (year !== undefined) this.#years.set(row, year);
    const forms = new Set<string>();
    const names = namesOf(title);
    if (names.length > 1) forms.add(titleOf(title)).add(names.map(plainWords).join(" "));
    for (const name of names) {
      const words = wordsOf(name);
      const bare = withoutArticle(words);
      forms.add(words).add(bare);
      // As a catalogue has it that moves articles to the end, typed without its comma.
      if (bare !== words) forms.add(`${bare} ${words.slice(0, words.length - bare.length - 1)}`);
    }
    forms.delete("");
    for (const words of forms) {
      const form = this.#rows.push(row) - 1;
      const key = words.replaceAll(" ", "");
      this.#words.push(` ${words}`);
      this.#keys.push(key);
      const same = this.#exact.get(key);
      if (same) same.push(form);
      else this.#exact.set(key, [form]);
      this.#heads.add(key, form, 1);
      this.#tails.add(key, form, 2);
      for (const word of words.split(" ")) {
        this.#wordHeads.add(word, form, 1);
        this.#wordTails.add(word, form, 3);
      }
    }
  }

  #equal({ key }: Query): number[] {
    return this.#exact.get(key) ?? [];
  }

  #starting({ key }: Query): number[] {
    return this.#heads.of(key).filter((form) => this.#keys[form]?.startsWith(key));
  }

  /** Every word starts one of the title's. */
  #worded({ words }: Query): number[] {
    const [rarest = []] = words.map((word) => this.#wordHeads.of(word)).sort((a, b) => a.length - b.length);
    return rarest.filter((form) => words.every((word) => this.#words[form]?.includes(` ${word}`)));
  }

  /** The whole is typed with an error, which is in one half alone. */
  #misspelt({ key }: Query): number[] {
    // Of five letters one may be missing.
    if (key.length < LETTERS - 1) return [];
    const half = Math.floor(key.length / 2);
    const forms = [...this.#heads.of(key, half), ...this.#tails.of(key, Math.max(2, key.length - half - 1))];
    return forms.filter((form) => {
      const title = this.#keys[form] as string;
      return Math.max(title.length, key.length) >= LETTERS && isNear(key, title);
    });
  }

  /** The beginning is typed with an error, or one word is. */
  #miswritten({ key, words }: Query): number[] {
    if (key.length < LETTERS) return [];
    const half = Math.floor(key.length / 2);
    const starting = this.#heads.of(key, half).filter((form) => startsNear(this.#keys[form] ?? "", key));
    const others = words.flatMap((wrong, at) => {
      const right = words.filter((_, other) => other !== at);
      if (wrong.length < LETTERS) return [];
      const near = [...this.#wordHeads.of(wrong), ...this.#wordTails.of(wrong)];
      const [rarest = near] = right.map((word) => this.#wordHeads.of(word)).sort((a, b) => a.length - b.length);
      return (rarest.length < near.length ? rarest : near).filter((form) => {
        const title = this.#words[form] ?? "";
        return (
          right.every((word) => title.includes(` ${word}`)) && title.split(" ").some((word) => startsNear(word, wrong))
        );
      });
    });
    return [...starting, ...others];
  }

  /** Wherever it stands; where scripts know no spaces between words, it may stand anywhere. */
  #inside({ key }: Query): number[] {
    const forms: number[] = [];
    if (key.length < 2) return forms;
    this.#whole ??= `\n${this.#keys.join("\n")}\n`;
    let [form, from] = [0, 0];
    for (let at = 0; forms.length < ROOM && (at = this.#whole.indexOf(key, at)) >= 0; at = this.#whole.indexOf("\n", at)) {
      while (from + 1 + (this.#keys[form] as string).length < at) from += 1 + (this.#keys[form++] as string).length;
      forms.push(form);
    }
    return forms;
  }
}

/** The rows that are wanted most first, of those that are looked at. */
function inOrder(rows: number[], wanted: (rows: number[]) => ArrayLike<number>): number[] {
  const looked = rows.slice(0, ROOM);
  if (looked.length < 2) return looked;
  const scores = wanted(looked);
  const places = looked.map((row, at) => ({ row, score: scores[at] ?? 0 }));
  return places.sort((a, b) => b.score - a.score).map(({ row }) => row);
}

/** What may be meant: all of it a title, or a title and its year; with or without an article in front. */
function queriesOf(text: string): Query[] {
  const whole = plainWords(text);
  const year = /^.+ ((?:18|19|20)\d\d)$/.exec(whole)?.[1];
  const meant: [words: string, year?: number][] = year
    ? [[whole], [titleOf(text.replace(/[\s([]*\d{4}[\s)\]]*$/, "")), Number(year)]]
    : // What ends in a number may have a year with a typing error.
      [[titleOf(text) || whole], [/^(.*\p{L}.*) \d{3,5}$/u.exec(whole)?.[1] ?? ""]];
  return meant.flatMap(([words, year]) =>
    [...new Set(words ? [words, withoutArticle(words)] : [])].map((variant) => ({
      words: variant.split(" "),
      key: variant.replaceAll(" ", ""),
      year,
    })),
  );
}

/** A title's names one behind the other, moved articles in their places. */
const titleOf = (text: string): string => namesOf(text).map(wordsOf).join(" ");
