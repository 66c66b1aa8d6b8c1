// What a file was taken for: its first records, and what each column is.

import { h } from "../dom.js";
import { words } from "../language.js";
import type { Look } from "./table.worker.js";

/** Columns that are shown. */
const COLUMNS = 8;

/** The first records as a table, under the roles of the columns; and how the file was read, in one line. */
export function showLook({ columns, rows }: Look, line: string): HTMLElement {
  const shown = columns.slice(0, COLUMNS);
  const heads = shown.map(({ name, role }) => h("th", { scope: "col" }, name, h("small", {}, role ? ` ${words.ownRole[role]}` : "")));
  const records = rows.map((row) => h("tr", {}, ...shown.map((_, at) => h("td", {}, row[at] ?? ""))));
  const table = h("table", { class: "sample" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...records));
  return h("details", { class: "look", "data-testid": "own-look" }, h("summary", {}, words.ownLook), h("p", {}, line), table);
}
