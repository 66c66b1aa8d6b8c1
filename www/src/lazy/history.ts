/*! With Papa Parse, MIT, (c) 2015 Matthew Holt, and fflate, MIT, (c) 2023 Arjun Barrett: see LICENSE-papaparse, LICENSE-fflate. */
// People's own lists, as sites export them. A chunk of its own: few pages ask for it, and the reader of CSV weighs as
// much as all else.

import { Moments, mapped } from "../host/task.js";
import type { Catalog } from "../model/catalog.js";
import type { HistoryImport, VisitorEvent } from "../types.js";
import { timesOf } from "./list-dates.js";
import { recordsOf } from "./list-rows.js";
import { NO_FILM, SEEN, type Source } from "./list-sources.js";
import { textsOf } from "./list-text.js";
import type { Line } from "./table.js";
import { TitleIndex, yearIn } from "./titles.js";

/** One line of a list. */
interface HistoryRow {
  /** The line in the file, the header being line 1. */
  line: number;
  /** In an archive, the file. */
  file?: string;
  /** What it is called there, in one or two languages. */
  titles: string[];
  year?: number | undefined;
  /** On the list's scale. */
  rating?: number | undefined;
  liked?: boolean;
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
  /** Lines of what was not seen. */
  unseen: number;
}

async function listOf(source: Source, header: string[], lines: Line[], moments: Moments): Promise<List> {
  const names = source.sign ? header : header.map((name) => name.toLowerCase());
  const all = ({ fields }: Line, wanted: string[]) => wanted.map((name) => fields[names.indexOf(name)] ?? "").filter(Boolean);
  const first = (line: Line, wanted: string[]) => all(line, wanted)[0] ?? "";
  const ratings = await mapped(lines, moments, (line) => numberOf(first(line, source.rating)));
  const times = await timesOf(await mapped(lines, moments, (line) => first(line, source.date)), moments);
  const scale = source.scale ?? scaleOf(ratings);
  const ratedOnly = source.ratedOnly?.some((name) => names.includes(name));
  const rowOf = (line: Line, at: number): HistoryRow[] => {
    const titles = all(line, source.titles);
    // Goodreads writes 0 for what was not rated.
    const rating = ratings[at] !== undefined && ratings[at] >= scale[0] && ratings[at] <= scale[1] ? ratings[at] : undefined;
    const status = first(line, source.status ?? []);
    const isSeen = !ratedOnly && (status === "" || SEEN.test(status));
    if (rating === undefined && !isSeen) return [];
    const year = Number(/\d{4}/.exec(first(line, source.year))?.[0] ?? Number.NaN) || yearIn(titles[0] ?? "");
    const isFilm = !NO_FILM.test(first(line, ["Title Type", "title type", "Type", "type"]));
    return [{ line: line.line, titles, year, rating, time: times[at], isFilm }];
  };
  const rows = (await mapped(lines, moments, rowOf)).flat();
  return { source: source.name, scale, rows, unseen: lines.length - rows.length };
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

/** Reads a list, or those of an archive: of what several of them name, the last tells. */
async function listIn(given: string | Blob, moments: Moments): Promise<List> {
  const texts = await textsOf(given);
  const lists: List[] = [];
  for (const list of texts) {
    const records = await recordsOf(list, moments);
    const titled = ({ fields: titles, line }: Line) => ({ line, titles, year: yearIn(titles[0] ?? "") });
    if (!("titles" in records)) lists.push(await listOf(records.source, records.header, records.lines, moments));
    else lists.push({ source: "titles", scale: [1, 5], rows: await mapped(records.titles, moments, titled), unseen: 0 });
  }
  const [first, ...others] = lists as [List, ...List[]];
  if (others.length === 0) return first;
  // Of Trakt's lists those without ratings show no scale.
  const scale = lists.reduce((widest, { scale }) => (scale[1] > widest[1] ? scale : widest), first.scale);
  const rows = new Map<string, HistoryRow>();
  for (const [at, list] of lists.entries()) {
    const file = texts[at]?.name ?? "";
    await mapped(list.rows, moments, (row) => {
      const key = `${row.titles[0]}\n${row.year}`;
      const rating = row.rating ?? rows.get(key)?.rating;
      rows.set(key, { ...row, rating, file, liked: file.startsWith("likes/") || rows.get(key)?.liked === true });
    });
  }
  return { source: first.source, scale, rows: [...rows.values()], unseen: lists.reduce((sum, { unseen }) => sum + unseen, 0) };
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
export async function findHistory(given: string | Blob, catalog: Catalog): Promise<Found> {
  const moments = new Moments();
  const { source, scale, rows, unseen } = await listIn(given, moments);
  const index = await titlesOf(catalog, moments);
  const events: VisitorEvent[] = [];
  const unmatched: HistoryImport["unmatched"] = [];
  await mapped(rows, moments, ({ line, file, titles, year, rating, liked, time = 0, isFilm = true }) => {
    const item = isFilm ? index.find(titles, year) : undefined;
    if (item === undefined) {
      unmatched.push({ line, ...(file && { file }), title: titles[0] ?? "", ...(year !== undefined && { year }) });
    } else if (rating === undefined) events.push({ item, event: liked ? "like" : "view", time });
    else events.push({ item, event: "rate", value: rating, scale, time });
  });
  return { events, found: { source, rows: rows.length, matched: events.length, unseen, unmatched } };
}

async function titlesOf(catalog: Catalog, moments: Moments): Promise<TitleIndex> {
  const index = new TitleIndex();
  await mapped(catalog.titled(), moments, ([row, title]) => {
    const { item, numbers } = catalog.item(row);
    index.add({ item, title, year: yearIn(title) ?? numbers?.year ?? numbers?.release_year });
  });
  return index;
}
