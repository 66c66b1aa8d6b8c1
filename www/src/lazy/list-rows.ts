// The records of a list, whether it is CSV, MyAnimeList's XML, Trakt's JSON or a title a line.

import { FoldinError } from "../errors.js";
import { type Moments, mapped } from "../host/task.js";
import { type ListText, MAX_TEXT } from "./list-text.js";
import { SOURCES, type Source } from "./list-sources.js";
import { type Line, LONGEST, plainLines, records } from "./table.js";
import { yearIn } from "./titles.js";

/** A table of a site that is known, or a title a line. */
export type Records = { source: Source; header: string[]; lines: Line[] } | { titles: Line[] };

/** The longest JSON that is read: a browser parses it in one go. */
const MAX_JSON = 5_000_000;
/** The longest line that may be a title. */
const MAX_TITLE = 300;
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
  const head = text.slice(0, 1000);
  if (/^PK[\u0003\u0005]/.test(head)) throw refused("a zip archive", remedy);
  if (/^\u001f/.test(head)) throw refused("a gzip archive", remedy);
  if (/\0/.test(head)) throw refused("UTF-16, or no text at all", "save the list as CSV in UTF-8");
  if (/^\s*<(!doctype|html|\?xml)/i.test(head)) {
    throw refused("a web page or XML", "export the list as CSV, signed in where that is needed");
  }
  if (/^Letterboxd list export/.test(head)) {
    throw refused("a list of Letterboxd, which may hold anything", "give ratings.csv, diary.csv or watched.csv");
  }
}

/** The records of a text, read a few milliseconds at a time. */
export async function recordsOf(list: ListText, moments: Moments): Promise<Records> {
  const text = list.text.startsWith("\uFEFF") ? list.text.slice(1) : list.text;
  if (text.includes("<myanimelist>")) return listed(await xmlRows(text, moments), moments);
  check({ ...list, text });
  const head = text.slice(0, 1000).trimStart();
  if (head.startsWith("[")) return listed(await jsonRows(text, moments), moments);
  if (head.startsWith("{")) throw refused("JSON", "export the list as CSV");
  // Excel says in the first line what separates fields.
  const lines = await records(text, moments, /^"?sep=(.)"?[\r\n]/i.exec(head)?.[1]);
  if (!lines) throw refused(`a line of more than ${LONGEST} letters`, "see that every quotation ends");
  for (const [at, { fields }] of lines.slice(0, MAX_LEAD).entries()) {
    const source = sourceOf(fields);
    if (source) return { source, header: fields, lines: lines.slice(at + 1) };
  }
  const titles = lines.length > 0 && (await plainLines(text, moments, MAX_TITLE));
  if (titles && (await areTitles(titles, moments))) {
    const bare = (line: string): string => line.replace(/^(\d{1,4}[.)]|[-*•])\s+/, "");
    return { titles: await mapped(titles, moments, ({ fields, line }) => ({ fields: fields.map(bare), line })) };
  }
  const found = lines[0] ? `the columns ${lines[0].fields.slice(0, 8).join(", ").slice(0, 200)}` : "nothing";
  throw refused(found, "name the columns title, year, rating and date in the first line");
}

const sourceOf = (fields: string[]): Source | undefined =>
  SOURCES.find(({ sign, titles }) =>
    sign ? fields.includes(sign) : fields.length > 1 && fields.some((field) => titles.includes(field.toLowerCase())),
  );

type Row = Record<string, string>;

/** Objects as records; their numbers stand for lines. */
async function listed(rows: Row[], moments: Moments): Promise<Records> {
  const names = new Set<string>();
  await mapped(rows, moments, (row) => Object.keys(row).forEach((name) => names.add(name)));
  const header = [...names];
  const source = sourceOf(header);
  if (!source) throw refused(`the columns ${header.slice(0, 8).join(", ")}`, "export the list as CSV");
  const lineOf = (row: Row, at: number): Line => ({ fields: header.map((name) => row[name] ?? ""), line: at + 1 });
  return { source, header, lines: await mapped(rows, moments, lineOf) };
}

/** MyAnimeList's only export. */
async function xmlRows(text: string, moments: Moments): Promise<Row[]> {
  const start = /<(anime|manga)>/g;
  const field = /<(\w+)>(?:\s*<!\[CDATA\[([^]*?)\]\]>\s*|([^<]*))<\/\1>/g;
  const rows: Row[] = [];
  for (let found = start.exec(text); found; found = start.exec(text)) {
    await moments.next();
    const end = text.indexOf(`</${found[1]}>`, start.lastIndex);
    if (end < 0) break;
    if (end - start.lastIndex > LONGEST / 8) throw refused("an entry that is far too long", "export the list again");
    const fields = text.slice(start.lastIndex, end).matchAll(field);
    rows.push(Object.fromEntries([...fields].map(([, name = "", data, plain = ""]) => [nameOf(name), data ?? plain.trim()])));
    start.lastIndex = end;
  }
  return rows;
}

const nameOf = (name: string): string => name.replace(/^(anime|manga)_title$/, "series_title");

/** Trakt's objects: what was seen lies one deeper. */
async function jsonRows(text: string, moments: Moments): Promise<Row[]> {
  if (text.length > MAX_JSON) throw refused(`JSON of more than ${MAX_JSON} letters`, "give a part of it");
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
  return (await mapped(rows as unknown[], moments, (row) => (isRow(row) ? [plain(row)] : []))).flat();
}

/** Whether each line is a title: most end in a year, or none has what separates fields. */
async function areTitles(lines: Line[], moments: Moments): Promise<boolean> {
  const years = await mapped(lines, moments, ({ fields: [title = ""] }) => yearIn(title) !== undefined);
  if (years.filter(Boolean).length * 2 > lines.length) return true;
  const parted = await mapped(lines, moments, ({ fields: [title = ""] }) => /[;,\t|]/.test(title));
  return !parted.includes(true);
}
