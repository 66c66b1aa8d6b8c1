import type { Item, Recommender } from "foldin";
import { pause } from "./pause.js";

/** Films that are asked for at a time: few enough not to hold up the page. */
const PORTION = 120;
/** The largest catalogue that a page looks at film by film. */
const MOST = 100_000;

/** All films of the model, in its own order, with how many people of the training data each had. */
export class Catalogue {
  readonly films: Item[] = [];
  readonly counts: Uint32Array;
  /** The row of each film. */
  readonly rows = new Map<string, number>();
  /** The latest year that a film has; 0 where none has one. */
  newest = 0;
  /** Rows by how many had their film, most first. */
  readonly byFame: Uint32Array;

  private constructor(items: number, counts: Uint32Array) {
    this.counts = counts;
    this.byFame = byFalling(counts.subarray(0, items));
  }

  /** Reads them portion by portion; undefined where there are too many, or nobody knows how popular they are. */
  static async read(recommender: Recommender): Promise<Catalogue | undefined> {
    const { items } = recommender.info;
    const counts = await recommender.tensor("item_counts");
    if (items > MOST || !(counts instanceof Uint32Array)) return undefined;
    const catalogue = new Catalogue(items, counts);
    while (catalogue.films.length < items) {
      await pause();
      for (const film of await recommender.items({ offset: catalogue.films.length, count: PORTION })) catalogue.#add(film);
    }
    return catalogue;
  }

  #add(film: Item): void {
    this.rows.set(film.item, this.films.length);
    this.films.push(film);
    this.newest = Math.max(this.newest, film.numbers?.year ?? 0);
  }

  /** The films that most had, most first. */
  popular(count: number): Item[] {
    return [...this.byFame.subarray(0, count)].flatMap((row) => this.films[row] ?? []);
  }

  /** How many had a film. */
  countOf(item: string): number {
    return this.count(this.rows.get(item) ?? -1);
  }

  /** How many had the film of a row. */
  count(row: number): number {
    return this.counts[row] ?? 0;
  }
}

/** The places of the values, the greatest first and equal ones in order. Most are equal: only those that differ are sorted. */
function byFalling(values: Uint32Array): Uint32Array {
  const places = new Map<number, number[]>();
  // An iterator makes an object for each.
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    const equal = places.get(value);
    if (equal) equal.push(place);
    else places.set(value, [place]);
  }
  const sorted = new Uint32Array(values.length);
  let at = 0;
  for (const [, equal] of [...places].sort(([a], [b]) => b - a)) {
    sorted.set(equal, at);
    at += equal.length;
  }
  return sorted;
}
