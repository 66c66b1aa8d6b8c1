// What a page says of items besides the model's catalogue. A chunk of its own.

import { wrongType, wrongValue } from "../../errors.js";
import { engineCall, type Opened } from "../../model/engine.js";
import type { Fields, FieldValue } from "../../types.js";

type ByColumn = Record<string, FieldValue>;

/** All that was said, told anew to every engine that takes over. Items that it does not know yet wait. */
export class FieldSheet {
  readonly #said = new Map<string, ByColumn>();

  /** Takes all of it up, or nothing where the engine refuses some. */
  set(fields: Fields, opened: Opened): void {
    const added = Object.entries(fields).map(([id, columns]): [string, ByColumn] => [id, plain(id, columns)]);
    tell(opened, added);
    for (const [id, columns] of added) this.#said.set(id, { ...this.#said.get(id), ...columns });
    this.#show(opened);
  }

  /** Tells an engine all that was said; of columns that it takes in another way, nothing. */
  tell(opened: Opened): void {
    for (const entry of this.#said) {
      try {
        tell(opened, [entry]);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    this.#show(opened);
  }

  #show({ catalog }: Opened): void {
    catalog.overlay = (item) => {
      for (const [column, value] of Object.entries(this.#said.get(item.item) ?? {})) {
        if (Array.isArray(value)) item.tags = { ...item.tags, [column]: value };
        else if (value !== null) item.numbers = { ...item.numbers, [column]: value as number };
        else if (item.numbers) delete item.numbers[column];
      }
    };
  }
}

/** Values as they are kept: numbers, lists of tags, null. Dates become the seconds since 1970. */
function plain(id: string, columns: unknown): ByColumn {
  if (typeof columns !== "object" || columns === null) throw wrongType(`fields.${id}`, "an object", typeof columns);
  const value = (column: string, found: unknown): FieldValue => {
    if (found === null || (typeof found === "number" && Number.isFinite(found))) return found;
    if (found instanceof Date && Number.isFinite(found.getTime())) return found.getTime() / 1000;
    const tags = [found].flat();
    if (tags.every((tag) => typeof tag === "string")) return tags;
    throw wrongValue(`fields.${id}.${column}`, "a number, a date, a tag, a list of tags or null", String(found));
  };
  return Object.fromEntries(Object.entries(columns).map(([column, found]) => [column, value(column, found)]));
}

function tell({ engine }: Opened, fields: [id: string, columns: ByColumn][]): void {
  const numbers = new Map<string, [rows: number[], numbers: number[]]>();
  for (const [id, columns] of fields) {
    if (!engine.has(id)) continue;
    const row = engine.find(id);
    for (const [column, value] of Object.entries(columns)) {
      if (Array.isArray(value)) engineCall(() => engine.setTags(column, row, value));
      else {
        const [rows, values] = numbers.get(column) ?? [[], []];
        rows.push(row);
        values.push(value === null ? Number.NaN : (value as number));
        numbers.set(column, [rows, values]);
      }
    }
  }
  for (const [column, [rows, values]] of numbers) {
    engineCall(() => engine.setNumbers(column, Uint32Array.from(rows), Float32Array.from(values)));
  }
}
