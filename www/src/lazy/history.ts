/*! With Papa Parse, MIT, (c) 2015 Matthew Holt: see LICENSE-papaparse. */
// People's own lists, as MovieLens, Letterboxd, IMDb and Goodreads export them. A chunk of its own: few pages ask for
// it, and the reader of CSV weighs as much as all else.

import Papa from "papaparse";
import type { Catalog } from "../model/catalog.js";
import { FoldinError } from "../errors.js";
import { TitleIndex, yearIn } from "./titles.js";
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

/** How a site names its columns; of several the first that is not empty counts. */
interface Source {
  name: string;
  /** A column that no other site's export has; none where titles alone say what a list is. */
  sign?: string;
  titles: string[];
  year: string[];
  rating: string[];
  /** By the values where the site does not say it. */
  scale?: [number, number];
  date: string[];
  /** What a line without rating says: where it is one of the words, the item was seen or read. */
  status?: [columns: string[], seen: RegExp];
  /** A line without rating is on a list of wishes. */
  ratedOnly?: boolean;
}

const SEEN = /^(read|watched|seen|completed|finished|done|played|2)$/i;

const SOURCES: Source[] = [
  {
    name: "Letterboxd",
    sign: "Letterboxd URI",
    titles: ["Name"],
    year: ["Year"],
    rating: ["Rating"],
    scale: [0.5, 5],
    date: ["Watched Date", "Date"],
  },
  {
    name: "IMDb",
    sign: "Const",
    titles: ["Title", "Original Title"],
    year: ["Year"],
    rating: ["Your Rating"],
    scale: [1, 10],
    date: ["Date Rated", "Date Added", "Created"],
    ratedOnly: true,
  },
  {
    name: "Goodreads",
    sign: "Book Id",
    titles: ["Title"],
    year: ["Original Publication Year", "Year Published"],
    rating: ["My Rating"],
    scale: [1, 5],
    date: ["Date Read", "Date Added"],
    status: [["Exclusive Shelf"], SEEN],
  },
  {
    name: "StoryGraph",
    sign: "Read Status",
    titles: ["Title"],
    year: [],
    rating: ["Star Rating"],
    scale: [0.25, 5],
    date: ["Last Date Read", "Date Added"],
    status: [["Read Status"], SEEN],
  },
  {
    name: "MovieLens",
    sign: "movie_id",
    titles: ["title"],
    year: [],
    rating: ["rating"],
    scale: [0.5, 5],
    date: ["timestamp", "date"],
  },
  {
    name: "table",
    titles: ["title", "name", "movie", "movie title", "film", "book", "book title", "anime_title", "original title"],
    year: ["year", "release year", "release date", "published"],
    rating: ["rating", "your rating", "my rating", "rating10", "my_score", "score", "stars", "star rating"],
    date: ["date rated", "rated_at", "watched date", "watched_at", "finish_date", "date read", "date", "timestamp"],
    status: [["status", "my_status", "shelf", "exclusive shelf", "read status", "list"], SEEN],
  },
];

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
  if (/^PK[\u0003\u0005]/.test(text)) throw refused("a zip archive", remedy);
  if (/^\u001f/.test(text)) throw refused("a gzip archive", remedy);
  if (/\0/.test(text.slice(0, 1000))) throw refused("UTF-16, or no text at all", "save the list as CSV in UTF-8");
  if (/^\s*<(!doctype|html|\?xml|myanimelist)/i.test(text)) {
    throw refused("a web page or XML", "export the list as CSV, signed in where that is needed");
  }
  if (/^\s*[{[]/.test(text)) throw refused("JSON", "export the list as CSV");
  if (/^Letterboxd list export/.test(text)) {
    throw refused("a list of Letterboxd, which may hold anything", "give ratings.csv, diary.csv or watched.csv");
  }
}

type Line = { fields: string[]; line: number };

/** The records of a text, each with the line on which it begins. */
function records(text: string, delimiter?: string): Line[] {
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

/** Reads a list. */
function parseHistory(text: string): List {
  checkText(text);
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  // Excel says in the first line what separates fields.
  const told = /^"?sep=(.)"?\n/i.exec(plain);
  const lines = records(plain, told?.[1]);
  for (const [at, { fields }] of lines.slice(0, MAX_LEAD).entries()) {
    const source = SOURCES.find(({ sign, titles }) =>
      sign ? fields.includes(sign) : fields.length > 1 && fields.some((field) => titles.includes(field.toLowerCase())),
    );
    if (source) return listOf(source, fields, lines.slice(at + 1));
  }
  if (lines.length > 0 && isTitles(plain)) {
    const rows = plain.split("\n").flatMap((title, at) => (title.trim() ? [titleRow(title.trim(), at + 1)] : []));
    return { source: "titles", scale: [1, 5], rows };
  }
  const found = lines[0] ? `the columns ${lines[0].fields.slice(0, 8).join(", ").slice(0, 200)}` : "nothing";
  throw refused(found, "name the columns title, year, rating and date in the first line");
}

/** Whether each line is a title: most end in a year, or none has what separates fields. */
function isTitles(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim());
  const years = lines.filter((line) => yearIn(line) !== undefined).length;
  return lines.every((line) => line.length < 300) && (years * 2 > lines.length || !/[;,\t|]/.test(text));
}

const titleRow = (title: string, line: number): HistoryRow => ({ line, titles: [title], year: yearIn(title) });

function listOf(source: Source, header: string[], lines: Line[]): List {
  const names = source.sign ? header : header.map((name) => name.toLowerCase());
  const columns = lines.map(({ fields, line }) => ({
    line,
    first: (wanted: string[]) => wanted.map((name) => fields[names.indexOf(name)] ?? "").find(Boolean) ?? "",
    all: (wanted: string[]) => wanted.map((name) => fields[names.indexOf(name)] ?? "").filter(Boolean),
  }));
  const ratings = columns.map(({ first }) => numberOf(first(source.rating)));
  const times = timesOf(columns.map(({ first }) => first(source.date)));
  const scale = source.scale ?? scaleOf(ratings.flatMap((rating) => rating ?? []));
  const rows = columns.flatMap(({ line, first, all }, at): HistoryRow[] => {
    const titles = all(source.titles);
    // Goodreads writes 0 for what was not rated.
    const rating = ratings[at] !== undefined && ratings[at] >= scale[0] && ratings[at] <= scale[1] ? ratings[at] : undefined;
    const [status, seen] = source.status ?? [[], SEEN];
    const isSeen = !source.ratedOnly && (first(status) === "" || seen.test(first(status)));
    if (rating === undefined && !isSeen) return [];
    const year = Number(/\d{4}/.exec(first(source.year))?.[0] ?? Number.NaN) || yearIn(titles[0] ?? "");
    const isFilm = !NO_FILM.test(first(["Title Type", "title type", "Type", "type"]));
    return [{ line, titles, year, rating, time: times[at], isFilm }];
  });
  return { source: source.name, scale, rows };
}

/** A number, with a point or a comma before its decimals. */
function numberOf(text: string): number | undefined {
  const number = Number(text.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
  return text !== "" && Number.isFinite(number) ? number : undefined;
}

/** The narrowest usual scale that holds all ratings. */
function scaleOf(ratings: number[]): [number, number] {
  const most = ratings.reduce((most, rating) => Math.max(most, rating), 0);
  return most <= 5 ? [0.5, 5] : most <= 10 ? [1, 10] : [1, 100];
}

const NUMERIC = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})/;

/** Dates of one column in milliseconds, at midnight in Greenwich; seconds since 1970, as MovieLens writes them. */
function timesOf(dates: string[]): (number | undefined)[] {
  // 05.06.2024 is June; of 05/06/2024 the other dates tell, which have a day beyond 12.
  const numeric = dates.flatMap((date) => (NUMERIC.test(date) ? [NUMERIC.exec(date) as RegExpExecArray] : []));
  const dayFirst = numeric.some(([date, first]) => Number(first) > 12 || date.includes("."));
  const monthFirst = numeric.some(([, , second]) => Number(second) > 12);
  return dates.map((date) => {
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
export function findHistory(text: string, catalog: Catalog): Found {
  const { source, scale, rows } = parseHistory(text);
  const index = titlesOf(catalog);
  const events: VisitorEvent[] = [];
  const unmatched: HistoryImport["unmatched"] = [];
  for (const { line, titles, year, rating, time = 0, isFilm = true } of rows) {
    const item = isFilm ? index.find(titles, year) : undefined;
    if (item === undefined) unmatched.push({ line, title: titles[0] ?? "", ...(year !== undefined && { year }) });
    else if (rating === undefined) events.push({ item, event: "view", time });
    else events.push({ item, event: "rate", value: rating, scale, time });
  }
  return { events, found: { source, rows: rows.length, matched: events.length, unmatched } };
}

const titlesOf = (catalog: Catalog): TitleIndex =>
  new TitleIndex(
    catalog.titled().map(([row, title]) => {
      const { item, numbers } = catalog.item(row);
      return { item, title, year: yearIn(title) ?? numbers?.year ?? numbers?.release_year };
    }),
  );
