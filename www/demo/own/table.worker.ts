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
    const users = new Set(lines.map(({ user }) => user)).size;
    if (users < 2) return tell({ lines });
    const shop = columnsOf(lines);
    tell({ shop, users }, [shop.users.buffer, shop.items.buffer, shop.values.buffer]);
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

/** Numbers users and items in the order in which they appear. */
function columnsOf(lines: Line[]): Required<InteractionColumns> {
  const [users, items] = [new Map<string, number>(), new Map<string, number>()];
  const numberOf = (names: Map<string, number>, name: string): number => {
    const number = names.get(name) ?? names.size;
    names.set(name, number);
    return number;
  };
  return {
    users: Uint32Array.from(lines, ({ user }) => numberOf(users, user)),
    items: Uint32Array.from(lines, ({ item }) => numberOf(items, item)),
    values: Float32Array.from(lines, ({ value = 1 }) => value),
    ids: [...items.keys()],
  };
}
