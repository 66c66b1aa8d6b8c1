// Reads a table on another thread, by the readers of the foldin command, and hands over no more than the page needs: a
// shop's has a million lines.

import type { InteractionColumns } from "foldin";
import { initSync, File as Readable } from "./wasm/foldin_readers.js";

/** The first records of a file, and what each column is. */
export interface Look {
  columns: { name: string; role?: string; why?: string }[];
  rows: string[][];
}

/** What a single user had, an entry an item: a value and the seconds since 1970, where the table has such. */
export interface Own {
  items: string[];
  values?: Float32Array | undefined;
  times?: Float64Array | undefined;
}

/** What a file is: a table of many users, or of a single one, and how it was read; another table; or none. */
export type Table =
  | { look: Look; line: string; shop: InteractionColumns; users: number }
  | { look: Look; line: string; own: Own }
  | { look: Look }
  | { refused: string };

/** What is posted: what a file is, or why it cannot be told. */
export type Told = Table | { error: string };

/** A column that Goodreads' list alone has. It has authors, too, who are no users of it. */
const GOODREADS = "Exclusive Shelf";

const readers = async (): Promise<void> => {
  const answer = await fetch(new URL("./wasm/foldin_readers_bg.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`foldin_readers_bg.wasm: HTTP ${answer.status}`);
  initSync({ module: new WebAssembly.Module(await answer.arrayBuffer()) });
};

onmessage = async ({ data: file }: MessageEvent<File>) => {
  try {
    const [bytes] = await Promise.all([file.bytes?.() ?? new Uint8Array(await file.arrayBuffer()), readers()]);
    const table = tableIn(new Readable(file.name, bytes));
    const { users, items, values } = "shop" in table ? table.shop : ({} as Partial<InteractionColumns>);
    const moved = [users, items, values].flatMap((column) => (column ? [column.buffer as ArrayBuffer] : []));
    postMessage(table satisfies Told, { transfer: moved });
  } catch (error) {
    postMessage({ error: (error as Error).message } satisfies Told);
  }
};

function tableIn(file: Readable): Table {
  let look: Look;
  try {
    look = JSON.parse(file.look());
  } catch (error) {
    return { refused: (error as Error).message };
  }
  const has = (wanted: string): boolean => look.columns.some(({ name, role }) => role === wanted || name === wanted);
  if (!has("item") || has(GOODREADS)) return { look };
  const table = file.read();
  const line = table.line();
  const [items, ids] = [table.items(), JSON.parse(table.itemIds()) as string[]];
  if (table.userCount > 1) {
    const shop = { users: table.users(), items, values: table.values(), ids };
    return { look, line, shop, users: table.userCount };
  }
  const values = table.hasValues ? table.values() : undefined;
  return { look, line, own: { items: [...items].map((item) => ids[item] as string), values, times: table.times() } };
}
