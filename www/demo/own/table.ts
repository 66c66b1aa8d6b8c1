import type { VisitorEvent } from "foldin";
import { askWorker } from "../ask.js";
import type { Own, Table, Told } from "./table.worker.js";

/** Scales of ratings, the narrowest first. */
const SCALES: [lowest: number, highest: number][] = [
  [0.5, 5],
  [1, 10],
  [0, 100],
];

/** Finds out what a file is, and reads it where it is a table of who had what. */
export async function readTable(file: File): Promise<Table> {
  const worker = new Worker(new URL("./table.worker.ts", import.meta.url), { type: "module" });
  const told = await askWorker<Told>(worker, file);
  if ("error" in told) throw new Error(told.error);
  return told;
}

/** What the table of one person tells of each item: its rating, or where all are alike that it was seen. */
export function eventsOf({ items, values, times }: Own): VisitorEvent[] {
  const [least, most] = values ? [values.reduce(min, Infinity), values.reduce(max, -Infinity)] : [0, 0];
  const scale = least < most ? SCALES.find(([low, high]) => low <= least && most <= high) : undefined;
  return items.map((item, at) => {
    const [value, seconds] = [values?.[at], times?.[at]];
    const time = Math.min(1000 * (seconds ?? 0), Date.now());
    return { item, time, ...(scale && value !== undefined ? { event: "rate", value, scale } : { event: "view" }) };
  });
}

const min = (a: number, b: number): number => Math.min(a, b);
const max = (a: number, b: number): number => Math.max(a, b);
