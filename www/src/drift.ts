// Whether what a visitor chooses is what people chose whom the model was trained on. A chunk of its own.

import type { Opened } from "./engine.js";
import type { Drift, VisitorEvent } from "./types.js";

/** Fewer choices say nothing. */
const LEAST = 20;

/**
 * The test of Kolmogorov and Smirnov, at one in a hundred: how popular the visitor's items are against how popular the
 * items of training's interactions were. Undefined where there is no drift, or nothing to tell it by.
 */
export function driftOf({ engine, catalog }: Opened, events: VisitorEvent[]): Drift | undefined {
  const counts = catalog.tensor("item_counts");
  const chosen = [...new Set(events.filter(({ event }) => event !== "dislike" && event !== "skip").map(({ item }) => item))];
  if (!(counts instanceof Uint32Array) || chosen.length < LEAST) return undefined;
  const fame = placesOf(counts);
  const places = chosen.flatMap((item) => fame[rowOf(engine, item)] ?? []).sort((a, b) => a - b);
  const gaps = places.map((place, at) => Math.max(place - at / places.length, (at + 1) / places.length - place));
  const distance = Math.max(0, ...gaps);
  const limit = 1.63 / Math.sqrt(places.length);
  return distance > limit ? { distance, limit, items: places.length } : undefined;
}

/** Of each row the part of training's interactions that were with more popular items; its own count half. */
function placesOf(counts: Uint32Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const places = new Float64Array(counts.length);
  let before = 0;
  for (const row of Uint32Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))) {
    const count = counts[row] ?? 0;
    places[row] = (before + count / 2) / (total || 1);
    before += count;
  }
  return places;
}

/** Items that the model does not have, any more, have no place. */
function rowOf(engine: Opened["engine"], item: string): number {
  try {
    return engine.find(item);
  } catch {
    return -1;
  }
}
