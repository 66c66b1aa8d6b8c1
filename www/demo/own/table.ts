import type { VisitorEvent } from "foldin";
import { askWorker } from "../ask.js";
import type { Line } from "./columns.js";
import type { Table, Told } from "./table.worker.js";

/** Scales of ratings, the narrowest first. */
const SCALES: [lowest: number, highest: number][] = [
  [0.5, 5],
  [1, 10],
  [0, 100],
];

/** Reads a table of who had what; what is none has no lines. */
export async function readTable(file: File): Promise<Table> {
  const worker = new Worker(new URL("./table.worker.ts", import.meta.url), { type: "module" });
  const told = await askWorker<Told>(worker, file);
  if ("error" in told) throw new Error(told.error);
  return told;
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
