// Reads a table on another thread, which hands over no more than the page needs: a shop's has a million lines.

import type { InteractionColumns } from "foldin";
import Papa from "papaparse";
import { type Line, reader } from "./columns.js";

/** Lines that a page trains on. */
const MOST = 1_000_000;

/** What a table tells: of many users all that a model learns from, or the lines of a single one, of nobody none. */
export type Table = { shop: InteractionColumns; users: number } | { lines: Line[] };

/** What is posted: a table, or why there is none. */
export type Told = Table | { error: string };

const tell = (told: Told, transfer: Transferable[] = []): void => postMessage(told, { transfer });

onmessage = async ({ data: file }: MessageEvent<File>) => {
  try {
    const lines = linesIn(await file.text());
    const users = numbered(lines.map(({ user }) => user));
    if (users.names.length < 2) return tell({ lines });
    const items = numbered(lines.map(({ item }) => item));
    const values = Float32Array.from(lines, ({ value = 1 }) => value);
    const shop = { users: users.numbers, items: items.numbers, values, ids: items.names };
    tell({ shop, users: users.names.length }, [shop.users.buffer, shop.items.buffer, values.buffer]);
  } catch (error) {
    tell({ error: (error as Error).message });
  }
};

function linesIn(text: string): Line[] {
  const lines: Line[] = [];
  let read: ReturnType<typeof reader>;
  Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: true,
    step({ data, meta }, parser) {
      read ??= reader(meta.fields ?? []);
      if (!read || lines.length === MOST) return parser.abort();
      const line = read(data);
      if (line) lines.push(line);
    },
  });
  return lines;
}

/** Each name's number, in the order in which they first appear, and the names by their numbers. */
function numbered(all: string[]): { numbers: Uint32Array<ArrayBuffer>; names: string[] } {
  const known = new Map<string, number>();
  const numbers = Uint32Array.from(all, (name) => {
    const number = known.get(name) ?? known.size;
    known.set(name, number);
    return number;
  });
  return { numbers, names: [...known.keys()] };
}
