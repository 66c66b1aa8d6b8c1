// Whether what a visitor chooses is what people chose whom the model was trained on. A chunk of its own.

import type { Catalog } from "../model/catalog.js";
import type { Opened } from "../model/engine.js";
import type { Drift, VisitorEvent } from "../types.js";

/** Fewer choices say nothing. */
const LEAST = 20;

/**
 * The test of Kolmogorov and Smirnov, at one in a hundred: how popular the visitor's items are against how popular the
 * items of training's interactions were. Undefined where there is no drift, or nothing to tell it by.
 */
export function driftOf(model: Opened, events: VisitorEvent[]): Drift | undefined {
  const chosen = [...new Set(events.filter(({ event }) => event !== "dislike" && event !== "skip").map(({ item }) => item))];
  if (chosen.length < LEAST) return undefined;
  const { catalog } = model;
  if (!fames.has(catalog)) fames.set(catalog, fameOf(catalog));
  const fame = fames.get(catalog);
  if (!fame) return undefined;
  const places = chosen.flatMap((item) => (model.engine.has(item) ? fame[model.engine.find(item)] : undefined) ?? []).sort((a, b) => a - b);
  const gaps = places.map((place, at) => Math.max(place - at / places.length, (at + 1) / places.length - place));
  const distance = Math.max(0, ...gaps);
  const limit = 1.63 / Math.sqrt(places.length);
  return distance > limit ? { distance, limit, items: places.length } : undefined;
}

/** By model, because each event asks for it. */
const fames = new WeakMap<Catalog, Float64Array | undefined>();

/**
 * Of each row the part of training's interactions that were with more popular items; its own count half. Undefined where
 * nobody counted.
 */
function fameOf(catalog: Catalog): Float64Array | undefined {
  const counts = catalog.tensor("item_counts");
  if (!(counts instanceof Uint32Array)) return undefined;
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
