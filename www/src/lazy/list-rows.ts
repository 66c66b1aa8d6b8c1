// The records of a list, whether it is CSV, MyAnimeList's XML, Trakt's JSON or a title a line.

import Papa from "papaparse";
import { FoldinError } from "../errors.js";
import { type ListText, MAX_TEXT } from "./list-text.js";
import { SOURCES, type Source } from "./list-sources.js";
import { yearIn } from "./titles.js";

/** Fields, and the line on which they begin. */
export interface Line {
  fields: string[];
  line: number;
}

/** A table of a site that is known, or a title a line. */
export type Records = { source: Source; header: string[]; lines: Line[] } | { titles: Line[] };

/** Lines above the header. */
const MAX_LEAD = 10;

const refused = (found: string, remedy: string): FoldinError => {
  const named = SOURCES.flatMap(({ name, sign }) => (sign ? [name] : []));
  const expected = `a table with a column "title", an export of ${named.join(", ")}, or a title a line`;
  return new FoldinError("format", `history: expected ${expected}, found ${found}; ${remedy}`);
};

/** What is no list is named, rather than shown. */
function check({ name, text }: ListText): void {
  const remedy = "unpack it and give ratings.csv, or give the file itself";
  if (text.length > MAX_TEXT) throw refused(`${text.length} letters, more than ${MAX_TEXT}`, "give a part of it");
  if (/watch-?list|to-?read|wish-?list/i.test(name)) throw refused(`${name}, a list of wishes`, "give what was seen or rated");
  if (/^PK[\u0003\u0005]/.test(text)) throw refused("a zip archive", remedy);
  if (/^\u001f/.test(text)) throw refused("a gzip archive", remedy);
  if (/\0/.test(text.slice(0, 1000))) throw refused("UTF-16, or no text at all", "save the list as CSV in UTF-8");
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) {
    throw refused("a web page or XML", "export the list as CSV, signed in where that is needed");
  }
  if (/^Letterboxd list export/.test(text)) {
    throw refused("a list of Letterboxd, which may hold anything", "give ratings.csv, diary.csv or watched.csv");
  }
}

/** The records of a text. */
export function recordsOf(list: ListText): Records {
  const text = list.text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (text.includes("<myanimelist>")) return listed(xmlRows(text));
  check({ ...list, text });
  if (/^\s*\[/.test(text)) return listed(jsonRows(text));
  if (/^\s*\{/.test(text)) throw refused("JSON", "export the list as CSV");
  // Excel says in the first line what separates fields.
  const lines = csvLines(text, /^"?sep=(.)"?\n/i.exec(text)?.[1]);
  for (const [at, { fields }] of lines.slice(0, MAX_LEAD).entries()) {
    const source = sourceOf(fields);
    if (source) return { source, header: fields, lines: lines.slice(at + 1) };
  }
  if (lines.length > 0 && isTitles(text)) {
    const bare = (line: string): string => line.trim().replace(/^(\d{1,4}[.)]|[-*•])\s+/, "");
    return { titles: text.split("\n").flatMap((title, at) => (title.trim() ? [{ fields: [bare(title)], line: at + 1 }] : [])) };
  }
  const found = lines[0] ? `the columns ${lines[0].fields.slice(0, 8).join(", ").slice(0, 200)}` : "nothing";
  throw refused(found, "name the columns title, year, rating and date in the first line");
}

const sourceOf = (fields: string[]): Source | undefined =>
  SOURCES.find(({ sign, titles }) =>
    sign ? fields.includes(sign) : fields.length > 1 && fields.some((field) => titles.includes(field.toLowerCase())),
  );

/** The records of CSV, each with the line on which it begins. */
function csvLines(text: string, delimiter?: string): Line[] {
  const lines: Line[] = [];
  let [line, from] = [1, 0];
  Papa.parse<string[]>(text, {
    ...(delimiter && { delimiter }),
    step: ({ data, meta }) => {
      if (data.some((field) => field.trim())) lines.push({ fields: data.map((field) => field.trim()), line });
      line += text.slice(from, meta.cursor).split("\n").length - 1;
      from = meta.cursor;
    },
  });
  return lines;
}

type Row = Record<string, string>;

/** Objects as records; their numbers stand for lines. */
function listed(rows: Row[]): Records {
  const header = [...new Set(rows.flatMap(Object.keys))];
  const source = sourceOf(header);
  if (!source) throw refused(`the columns ${header.slice(0, 8).join(", ")}`, "export the list as CSV");
  return { source, header, lines: rows.map((row, at) => ({ fields: header.map((name) => row[name] ?? ""), line: at + 1 })) };
}

/** MyAnimeList's only export. */
function xmlRows(text: string): Row[] {
  const field = /<(\w+)>\s*(?:<!\[CDATA\[([^]*?)\]\]>|([^<]*?))\s*<\/\1>/g;
  return [...text.matchAll(/<(anime|manga)>([^]*?)<\/\1>/g)].map(([, , inside = ""]) =>
    Object.fromEntries([...inside.matchAll(field)].map(([, name = "", data, plain]) => [nameOf(name), data ?? plain ?? ""])),
  );
}

const nameOf = (name: string): string => name.replace(/^(anime|manga)_title$/, "series_title");

/** Trakt's objects: what was seen lies one deeper. */
function jsonRows(text: string): Row[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    throw refused("JSON that is damaged or cut short", "export the list again");
  }
  const plain = (row: object, kind?: string): Row =>
    Object.assign(
      kind && !("type" in row) ? { type: kind } : {},
      ...Object.entries(row).map(([name, value]) =>
        ["movie", "show", "episode"].includes(name) && typeof value === "object" && value !== null
          ? plain(value, name)
          : { [name]: String(value ?? "") },
      ),
    );
  const isRow = (row: unknown): row is object => typeof row === "object" && row !== null;
  return (rows as unknown[]).filter(isRow).map((row) => plain(row));
}

/** Whether each line is a title: most end in a year, or none has what separates fields. */
function isTitles(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim());
  const years = lines.filter((line) => yearIn(line) !== undefined).length;
  return lines.every((line) => line.length < 300) && (years * 2 > lines.length || !/[;,\t|]/.test(text));
}
