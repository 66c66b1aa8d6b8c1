/*! With Papa Parse, MIT, (c) 2015 Matthew Holt: see LICENSE-papaparse. */
// People's own lists, as MovieLens, Letterboxd, IMDb and Goodreads export them. A chunk of its own: few pages ask for
// it, and the reader of CSV weighs as much as all else.

import Papa from "papaparse";
import type { Catalog } from "./catalog.js";
import { FoldinError } from "./errors.js";
import { TitleIndex, yearIn } from "./titles.js";
import type { HistoryImport, VisitorEvent } from "./types.js";

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
  /** A column that no other site's export has. */
  sign: string;
  titles: string[];
  year: string[];
  rating: string;
  scale: [number, number];
  date: string[];
  /** Whether the line tells of something that was seen or read. */
  counts?: (row: Record<string, string>) => boolean;
}

const SOURCES: Source[] = [
  {
    name: "Letterboxd",
    sign: "Letterboxd URI",
    titles: ["Name"],
    year: ["Year"],
    rating: "Rating",
    scale: [0.5, 5],
    date: ["Watched Date", "Date"],
  },
  {
    name: "IMDb",
    sign: "Const",
    titles: ["Title", "Original Title"],
    year: ["Year"],
    rating: "Your Rating",
    scale: [1, 10],
    date: ["Date Rated"],
  },
  {
    name: "Goodreads",
    sign: "Book Id",
    titles: ["Title"],
    year: ["Original Publication Year", "Year Published"],
    rating: "My Rating",
    scale: [1, 5],
    date: ["Date Read", "Date Added"],
    counts: (row) => row["Exclusive Shelf"] !== "to-read",
  },
  {
    name: "MovieLens",
    sign: "movie_id",
    titles: ["title"],
    year: [],
    rating: "rating",
    scale: [0.5, 5],
    date: ["timestamp", "date"],
  },
];

/** The longest list that is read. */
const MAX_TEXT = 50_000_000;

const unreadable = (found: string): FoldinError => {
  const expected = `a CSV export of ${SOURCES.map(({ name, sign }) => `${name} (with a column "${sign}")`).join(", ")}`;
  return new FoldinError("format", `history: expected ${expected}, found ${found}; export the list again`);
};

/** Reads a list. */
function parseHistory(text: string): List {
  if (text.length > MAX_TEXT) throw unreadable(`${text.length} letters, more than ${MAX_TEXT}`);
  const { data, meta } = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ""), {
    header: true,
    skipEmptyLines: "greedy",
  });
  const source = SOURCES.find(({ sign }) => meta.fields?.includes(sign));
  if (!source) throw unreadable(meta.fields?.length ? `the columns ${meta.fields.slice(0, 8).join(", ")}` : "nothing");
  const { name, scale, counts = () => true } = source;
  const rows = data.map((row, at) => rowOf(row, at + 2, source));
  return { source: name, scale, rows: rows.filter((row, at) => row && counts(data[at] ?? {})) };
}

function rowOf(row: Record<string, string>, line: number, { titles, year, rating, scale, date }: Source): HistoryRow {
  const first = (columns: string[]): string => columns.map((column) => row[column]?.trim() ?? "").find(Boolean) ?? "";
  const number = (text: string): number | undefined => (text && Number.isFinite(Number(text)) ? Number(text) : undefined);
  const named = titles.map((column) => row[column]?.trim() ?? "").filter(Boolean);
  const rated = number(row[rating] ?? "");
  const [low, high] = scale;
  return {
    line,
    titles: named,
    year: number(first(year)) ?? yearIn(named[0] ?? ""),
    // Goodreads writes 0 for what was not rated.
    rating: rated !== undefined && rated >= low && rated <= high ? rated : undefined,
    time: timeOf(first(date)),
  };
}

/** A date, or the seconds since 1970 that MovieLens writes. */
function timeOf(text: string): number | undefined {
  const time = /^\d{9,11}$/.test(text) ? 1000 * Number(text) : Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.min(time, Date.now());
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
  for (const { line, titles, year, rating, time = 0 } of rows) {
    const item = index.find(titles, year);
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
