import type { Interaction, VisitorEvent } from "foldin";
import Papa from "papaparse";

/** Names that a column may have, without case and all but letters. */
const NAMES = {
  user: ["user", "userid", "customer", "customerid", "visitor", "visitorid", "member"],
  item: ["item", "itemid", "movie", "movieid", "product", "productid", "sku", "book", "bookid"],
  value: ["rating", "value", "score", "stars"],
  time: ["timestamp", "time", "date"],
};

/** Scales of ratings, the narrowest first. */
const SCALES: [lowest: number, highest: number][] = [
  [0.5, 5],
  [1, 10],
  [0, 100],
];

/** What a line of a table tells. */
export interface Line extends Interaction {
  /** As the table writes it. */
  time?: string | undefined;
}

/** Lines that a page trains on. */
const MOST = 1_000_000;

/** The interactions of many users in a table; undefined where it has no columns of users and items. */
export function interactionsIn(text: string): Line[] | undefined {
  const { data, meta } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const plain = (name: string): string => name.split(":")[0]?.toLowerCase().replace(/[^a-z]/g, "") ?? "";
  const column = (kind: keyof typeof NAMES): string | undefined =>
    meta.fields?.find((field) => NAMES[kind].includes(plain(field)));
  const [user, item, value, time] = [column("user"), column("item"), column("value"), column("time")];
  if (!user || !item) return undefined;
  const interactions: Line[] = [];
  for (const row of data) {
    const [who, what] = [row[user]?.trim(), row[item]?.trim()];
    if (!who || !what) continue;
    const rating = Number((value && row[value]?.trim()) || Number.NaN);
    const line = { user: who, item: what, time: time && row[time] };
    interactions.push(Number.isFinite(rating) ? { ...line, value: rating } : line);
    if (interactions.length === MOST) break;
  }
  return interactions.length ? interactions : undefined;
}

/** What the lines of one person tell, the last of each item: its rating, or where all are alike that it was seen. */
export function eventsOf(lines: Line[]): VisitorEvent[] {
  const values = lines.flatMap(({ value }) => value ?? []);
  const [least, most] = [values.reduce(min, Infinity), values.reduce(max, -Infinity)];
  const scale = least < most ? SCALES.find(([low, high]) => low <= least && most <= high) : undefined;
  const latest = new Map(lines.map((line) => [line.item, line]));
  return [...latest.values()].map(({ item, value, time }) => ({
    item,
    time: timeOf(time ?? ""),
    ...(scale && value !== undefined ? { event: "rate", value, scale } : { event: "view" }),
  }));
}

const min = (a: number, b: number): number => Math.min(a, b);
const max = (a: number, b: number): number => Math.max(a, b);

/** A date, or seconds since 1970, which comes first where it is neither. */
function timeOf(text: string): number {
  const time = /^\d{9,11}$/.test(text) ? 1000 * Number(text) : Date.parse(text);
  return Math.min(time || 0, Date.now());
}
