// Long texts in pieces, so that the page's thread is never held up by one.

import Papa from "papaparse";
import type { Moments } from "../host/task.js";

/** A record of a table, and the line in the text on which it begins, from 1 on. */
export interface Line {
  fields: string[];
  line: number;
}

/** Letters that are read at a time. */
const PIECE = 2 ** 16;
/** The longest record: what goes on is no list, but a quotation that nothing ends. */
export const LONGEST = 2 * PIECE;

/** A text piece by piece, with line feeds alone between lines. */
async function* pieces(text: string, moments: Moments): AsyncGenerator<string> {
  for (let from = 0, to = 0; from < text.length; from = to) {
    await moments.next();
    to = from + PIECE;
    // The two letters of a line's end stay together.
    if (text[to - 1] === "\r") to++;
    yield text.slice(from, to).replace(/\r\n?/g, "\n");
  }
}

/** What separates the fields of a table. */
const delimiterOf = (text: string): string => Papa.parse(text.slice(0, PIECE), { preview: 10 }).meta.delimiter;

/** The records of a table that have anything in them. Undefined where one is too long. */
export async function records(text: string, moments: Moments, delimiter = delimiterOf(text)): Promise<Line[] | undefined> {
  const parser = new Papa.Parser({ delimiter, newline: "\n" });
  const lines: Line[] = [];
  let line = 1;
  const take = (rest: string, isLast: boolean): number => {
    const { data, meta } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>;
    for (const fields of data) {
      if (fields.some((field) => field.trim())) lines.push({ fields: fields.map((field) => field.trim()), line });
      line += 1 + fields.reduce((ends, field) => ends + field.split("\n").length - 1, 0);
    }
    return meta.cursor;
  };
  let rest = "";
  for await (const piece of pieces(text, moments)) {
    rest += piece;
    rest = rest.slice(take(rest, false));
    if (rest.length > LONGEST) return undefined;
  }
  take(rest, true);
  return lines;
}

/** The lines of a text that have anything on them, each as a record of one field. Undefined where one is too long. */
export async function plainLines(text: string, moments: Moments, longest: number): Promise<Line[] | undefined> {
  const lines: Line[] = [];
  let [line, rest] = [1, ""];
  for await (const piece of pieces(`${text}\n`, moments)) {
    const parts = (rest + piece).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const field = part.trim();
      if (field) lines.push({ fields: [field], line });
      line++;
      if (part.length >= longest) return undefined;
    }
    if (rest.length >= longest) return undefined;
  }
  return lines;
}
