// People's own lists, as MovieLens, Letterboxd, IMDb and Goodreads export them. A chunk of its own: few pages ask for
// it, and the reader of CSV weighs as much as all else.

import type { Catalog } from "../model/catalog.js";
import { FoldinError } from "../errors.js";
import { Moments, mapped } from "../host/task.js";
import { LONGEST, type Line, plainLines, records } from "./table.js";
import { TitleIndex, yearIn } from "./titles.js";
import { SEEN, type Source, SOURCES } from "./sources.js";
import type { HistoryImport, VisitorEvent } from "../types.js";

/** One line of a list. */
interface HistoryRow {
  /** The line in the file, the header being line 1. */
  line: number;
  /** What it is called there, in one or two languages. */
  titles: string[];
  year?: number | undefined;
  /** On the list's scale. */
  rating?: number | undefined;
  /** Milliseconds since the epoch. */
  time?: number | undefined;
  /** False for what is no film, book or the like itself: an episode, a game. */
  isFilm?: boolean;
}

/** A list with the scale of its ratings. */
interface List {
  source: string;
  scale: [lowest: number, highest: number];
  rows: HistoryRow[];
}

/** What is no film, whatever it is called. */
const NO_FILM = /episode|series|game|podcast|music video/i;

/** The longest list that is read. */
const MAX_TEXT = 50_000_000;
/** Lines above the header. */
const MAX_LEAD = 10;

const refused = (found: string, remedy: string): FoldinError => {
  const named = SOURCES.flatMap(({ name, sign }) => (sign ? [`${name} (with a column "${sign}")`] : []));
  const expected = `a CSV export of ${named.join(", ")}, a table with a column "title", or a title a line`;
  return new FoldinError("format", `history: expected ${expected}, found ${found}; ${remedy}`);
};

/** What is no text of lines is named, rather than shown. */
function checkText(text: string): void {
  const remedy = "unpack it and give ratings.csv";
  if (text.length > MAX_TEXT) throw refused(`${text.length} letters, more than ${MAX_TEXT}`, "give a part of it");
  const head = text.slice(0, 1000);
  if (/^PK[\u0003\u0005]/.test(head)) throw refused("a zip archive", remedy);
  if (/^\u001f/.test(head)) throw refused("a gzip archive", remedy);
  if (/\0/.test(head)) throw refused("UTF-16, or no text at all", "save the list as CSV in UTF-8");
  if (/^\s*<(!doctype|html|\?xml|myanimelist)/i.test(head)) {
    throw refused("a web page or XML", "export the list as CSV, signed in where that is needed");
  }
  if (/^\s*[{[]/.test(head)) throw refused("JSON", "export the list as CSV");
  if (/^Letterboxd list export/.test(head)) {
    throw refused("a list of Letterboxd, which may hold anything", "give ratings.csv, diary.csv or watched.csv");
  }
}

/** The longest line that may be a title. */
const MAX_TITLE = 300;

/** Reads a list. */
async function parseHistory(text: string, moments: Moments): Promise<List> {
  checkText(text);
  const bom = text.startsWith("\uFEFF") ? 1 : 0;
  // Excel says in the first line what separates fields.
  const told = /^"?sep=(.)"?[\r\n]/i.exec(text.slice(bom, bom + 10));
  const plain = text.slice(bom);
  const lines = await records(plain, moments, told?.[1]);
  if (!lines) throw refused(`a line of more than ${LONGEST} letters`, "see that every quotation ends");
  for (const [at, { fields }] of lines.slice(0, MAX_LEAD).entries()) {
    const source = SOURCES.find(({ sign, titles }) =>
      sign ? fields.includes(sign) : fields.length > 1 && fields.some((field) => titles.includes(field.toLowerCase())),
    );
    if (source) return listOf(source, fields, lines.slice(at + 1), moments);
  }
  const titles = lines.length > 0 && (await plainLines(plain, moments, MAX_TITLE));
  if (titles && areTitles(titles)) {
    return { source: "titles", scale: [1, 5], rows: await mapped(titles, moments, titleRow) };
  }
  const found = lines[0] ? `the columns ${lines[0].fields.slice(0, 8).join(", ").slice(0, 200)}` : "nothing";
  throw refused(found, "name the columns title, year, rating and date in the first line");
}

/** Whether each line is a title: most end in a year, or none has what separates fields. */
function areTitles(lines: Line[]): boolean {
  const years = lines.filter(({ fields: [title = ""] }) => yearIn(title) !== undefined).length;
  return years * 2 > lines.length || !lines.some(({ fields: [title = ""] }) => /[;,\t|]/.test(title));
}

const titleRow = ({ fields: [title = ""], line }: Line): HistoryRow => ({ line, titles: [title], year: yearIn(title) });

async function listOf(source: Source, header: string[], lines: Line[], moments: Moments): Promise<List> {
  const names = source.sign ? header : header.map((name) => name.toLowerCase());
  const all = ({ fields }: Line, wanted: string[]) => wanted.map((name) => fields[names.indexOf(name)] ?? "").filter(Boolean);
  const first = (line: Line, wanted: string[]) => all(line, wanted)[0] ?? "";
  const ratings = await mapped(lines, moments, (line) => numberOf(first(line, source.rating)));
  const times = await timesOf(await mapped(lines, moments, (line) => first(line, source.date)), moments);
  const scale = source.scale ?? scaleOf(ratings);
  const rows = await mapped(lines, moments, (line, at): HistoryRow[] => {
    const titles = all(line, source.titles);
    // Goodreads writes 0 for what was not rated.
    const rating = ratings[at] !== undefined && ratings[at] >= scale[0] && ratings[at] <= scale[1] ? ratings[at] : undefined;
    const [status, seen] = source.status ?? [[], SEEN];
    const isSeen = !source.ratedOnly && (first(line, status) === "" || seen.test(first(line, status)));
    if (rating === undefined && !isSeen) return [];
    const year = Number(/\d{4}/.exec(first(line, source.year))?.[0] ?? Number.NaN) || yearIn(titles[0] ?? "");
    const isFilm = !NO_FILM.test(first(line, ["Title Type", "title type", "Type", "type"]));
    return [{ line: line.line, titles, year, rating, time: times[at], isFilm }];
  });
  return { source: source.name, scale, rows: rows.flat() };
}

/** A number, with a point or a comma before its decimals. */
function numberOf(text: string): number | undefined {
  const number = Number(text.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
  return text !== "" && Number.isFinite(number) ? number : undefined;
}

/** The narrowest usual scale that holds all ratings. */
function scaleOf(ratings: (number | undefined)[]): [number, number] {
  const most = ratings.reduce<number>((most, rating = 0) => Math.max(most, rating), 0);
  return most <= 5 ? [0.5, 5] : most <= 10 ? [1, 10] : [1, 100];
}

const NUMERIC = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})/;

/** Dates of one column in milliseconds, at midnight in Greenwich; seconds since 1970, as MovieLens writes them. */
async function timesOf(dates: string[], moments: Moments): Promise<(number | undefined)[]> {
  // 05.06.2024 is June; of 05/06/2024 the other dates tell, which have a day beyond 12.
  const numeric = await mapped(dates, moments, (date) => NUMERIC.exec(date));
  const dayFirst = numeric.some((found) => found && (Number(found[1]) > 12 || found[0].includes(".")));
  const monthFirst = numeric.some((found) => found && Number(found[2]) > 12);
  return mapped(dates, moments, (date) => {
    const time = timeOf(date, dayFirst, monthFirst);
    return time === undefined || Number.isNaN(time) ? undefined : Math.min(time, Date.now());
  });
}

function timeOf(text: string, dayFirst: boolean, monthFirst: boolean): number | undefined {
  if (/^\d{9,11}$/.test(text)) return 1000 * Number(text);
  const [, first = 0, second = 0, year = 0] = NUMERIC.exec(text)?.map(Number) ?? [];
  if (year && dayFirst !== monthFirst) return dayFirst ? Date.UTC(year, second - 1, first) : Date.UTC(year, first - 1, second);
  if (year) return undefined;
  return Date.parse(text.replace(/^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, (_, y, m, d) => `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`));
}

/** What a list tells of the catalogue's items, and what else there is to say of it. */
interface Found {
  events: VisitorEvent[];
  found: Omit<HistoryImport, "added">;
}

/**
 * Reads a list and looks for each line's item: the one that is called so, if there is one alone.
 *
 * @throws {@link FoldinError} `format` for anything else
 */
export async function findHistory(text: string, catalog: Catalog): Promise<Found> {
  const moments = new Moments();
  const { source, scale, rows } = await parseHistory(text, moments);
  const index = await titlesOf(catalog, moments);
  const events: VisitorEvent[] = [];
  const unmatched: HistoryImport["unmatched"] = [];
  await mapped(rows, moments, ({ line, titles, year, rating, time = 0, isFilm = true }) => {
    const item = isFilm ? index.find(titles, year) : undefined;
    if (item === undefined) unmatched.push({ line, title: titles[0] ?? "", ...(year !== undefined && { year }) });
    else if (rating === undefined) events.push({ item, event: "view", time });
    else events.push({ item, event: "rate", value: rating, scale, time });
  });
  return { events, found: { source, rows: rows.length, matched: events.length, unmatched } };
}

async function titlesOf(catalog: Catalog, moments: Moments): Promise<TitleIndex> {
  const index = new TitleIndex();
  await mapped(catalog.titled(), moments, ([row, title]) => {
    const { item, numbers } = catalog.item(row);
    index.add({ item, title, year: yearIn(title) ?? numbers?.year ?? numbers?.release_year });
  });
  return index;
}
