import type { Item, Recommender } from "foldin";
import { pause } from "./pause.js";

/** Films that are asked for at a time: few enough not to hold up the page. */
const PORTION = 120;
/** The largest catalogue that a page looks at film by film. */
const MOST = 100_000;

/** All films of the model, in its own order, with how many people of the training data each had. */
export class Catalogue {
  readonly films: Item[];
  readonly counts: Uint32Array;
  /** The row of each film. */
  readonly rows: Map<string, number>;
  /** The latest year that a film has; 0 where none has one. */
  readonly newest: number;
  /** Rows by how many had their film, most first. */
  readonly byFame: Uint32Array;

  private constructor(films: Item[], counts: Uint32Array) {
    this.films = films;
    this.counts = counts;
    this.rows = new Map(films.map(({ item }, row) => [item, row]));
    this.byFame = byFalling(Uint32Array.from(films, (_, row) => this.count(row)));
    this.newest = films.reduce((latest, { numbers }) => Math.max(latest, numbers?.year ?? 0), 0);
  }

  /** Reads them portion by portion; undefined where there are too many, or nobody knows how popular they are. */
  static async read(recommender: Recommender): Promise<Catalogue | undefined> {
    const { items } = recommender.info;
    const counts = await recommender.tensor("item_counts");
    if (items > MOST || !(counts instanceof Uint32Array)) return undefined;
    const films: Item[] = [];
    while (films.length < items) {
      films.push(...(await recommender.items({ offset: films.length, count: PORTION })));
      await pause();
    }
    return new Catalogue(films, counts);
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

/** The places of the values, the greatest first and equal ones in order: numbers sort without a call for each pair. */
function byFalling(values: Uint32Array): Uint32Array {
  const most = values.reduce((most, value) => Math.max(most, value), 0);
  const keys = Float64Array.from(values, (value, place) => (most - value) * values.length + place).sort();
  return Uint32Array.from(keys, (key) => key % values.length);
}
