// Titles as catalogues and people's own lists write them: "Empire Strikes Back, The (1980)" is one with "The Empire
// Strikes Back".

import { keysOf } from "./spelling.js";

export { yearIn } from "./spelling.js";

/** An item of the catalogue by what it is called. */
export interface Titled {
  item: string;
  title: string;
  year?: number | undefined;
}

function add(index: Map<string, Titled[]>, key: string, item: Titled): void {
  const others = index.get(key);
  if (others) others.push(item);
  else index.set(key, [item]);
}

/** A catalogue that is asked for titles. */
export class TitleIndex {
  readonly #byKey = new Map<string, Titled[]>();
  /** By what stands before a colon: "Star Wars" of "Star Wars: Episode IV - A New Hope". */
  readonly #byHead = new Map<string, Titled[]>();

  add(item: Titled): void {
    for (const key of new Set(keysOf(item.title))) add(this.#byKey, key, item);
    const head = item.title.split(": ")[0] ?? "";
    if (head !== item.title) for (const key of new Set(keysOf(head))) add(this.#byHead, key, item);
  }

  /**
   * The item with one of these titles and the year, or one next to it: lists do not agree on when a film came out.
   * Without a year, or where the catalogue has none, a title must be the only one of its kind. What nothing is called
   * may be the title of one item without its subtitle, of the very year.
   */
  find(titles: readonly string[], year: number | undefined): string | undefined {
    for (const key of titles.flatMap(keysOf)) {
      const found = this.#byKey.get(key) ?? [];
      const distance = ({ year: other }: Titled): number =>
        year === undefined || other === undefined ? 1 : Math.abs(other - year);
      const near = found.filter((item) => distance(item) <= 1);
      const exact = near.filter((item) => distance(item) === 0);
      const [match, ...rivals] = exact.length > 0 ? exact : near;
      if (match && rivals.length === 0) return match.item;
    }
    for (const key of year === undefined ? [] : titles.flatMap(keysOf)) {
      if (this.#byKey.has(key)) continue;
      const [match, ...rivals] = (this.#byHead.get(key) ?? []).filter(({ year: other }) => other === year);
      if (match && rivals.length === 0) return match.item;
    }
    return undefined;
  }
}
