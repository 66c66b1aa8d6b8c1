// What is let go of when events are too many. A chunk of its own: most visitors never have as many.

import { engineCall, type Opened } from "../model/engine.js";
import { Counts } from "./counts.js";
import type { Known } from "./visitor.js";
import type { VisitorEvent } from "../types.js";
import type { Engine } from "../wasm/foldin.js";

/** What stays: what the engine did not let go of when it summarised, and as many of the newest that rest. */
export function staying(
  known: readonly Known[],
  most: number,
  { engine, catalog }: Opened,
  kinds: readonly string[],
  valueOf: (event: VisitorEvent) => number | undefined,
): Set<Known> {
  const counts = new Counts();
  for (const [row, ...rest] of keptBy(engine, kinds)) counts.add(JSON.stringify([catalog.id(row), ...rest]));
  const resting = new Set(known.filter((known) => known.resting).slice(-most));
  const told = ({ event }: Known): string => JSON.stringify([event.item, event.event, valueOf(event), event.time ?? 0]);
  return new Set(known.filter((known) => (known.resting ? resting.has(known) : counts.take(told(known)))));
}

/** The events that the engine keeps, as row, kind, value and time. */
function* keptBy(engine: Engine, kinds: readonly string[]): Generator<[number, string, number | undefined, number]> {
  const numbers = engineCall(() => engine.events());
  for (let at = 0; at < numbers.length; at += 4) {
    const [row = 0, kind = 0, value = Number.NaN, time = 0] = numbers.subarray(at, at + 4);
    yield [row, kinds[kind] ?? "", Number.isNaN(value) ? undefined : value, time];
  }
}
