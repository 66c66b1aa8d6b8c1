// The titles of a catalogue, read for searching. A chunk of its own.

import { Moments } from "../host/task.js";
import type { Catalog } from "../model/catalog.js";
import { TitleSearch } from "./search.js";

/** Reads the titles that there are. The memory may grow meanwhile, so that the catalogue is asked anew for each. */
export function titleSearch(catalog: () => Catalog): Promise<TitleSearch> {
  const rows = catalog().rows(0, catalog().length);
  function* titled(): Generator<[row: number, title: string]> {
    for (const row of rows) {
      const title = catalog().title(row);
      if (title !== undefined) yield [row, title];
    }
  }
  return TitleSearch.of(titled(), (row) => catalog().item(row).numbers?.year, new Moments());
}
