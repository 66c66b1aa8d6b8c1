// Packs factors into the engine's memory, some at a time. A chunk of its own.

import { describe, engineCall, type Opened } from "./engine.js";
import type { FactorsModel, Pull } from "./factors.js";
import type { Header, Hooks } from "./model.js";
import { Moments } from "./task.js";
import { Packing } from "./wasm/foldin.js";

/** Numbers that are handed over at a time. */
const TOGETHER = 2 ** 20;

export async function pack(model: FactorsModel, memory: WebAssembly.Memory, { signal, pull }: Hooks): Promise<Opened> {
  const { items, dim, precision, ids, factors } = model;
  const rows = factors ? (from: number, to: number) => factors.subarray(from, to) : (pull as Pull);
  const packing = engineCall(() => new Packing(items, dim, precision));
  try {
    await each(model, rows, signal, (chunk) => packing.measure(chunk));
    let start = 0;
    for (const text of ids?.texts ?? []) {
      const end = endOf(text, ids?.lengths as Uint32Array, start);
      engineCall(() => packing.ids(text, (ids?.lengths as Uint32Array).subarray(start, end)));
      start = end;
    }
    await each(model, rows, signal, (chunk) => packing.pack(chunk));
  } catch (error) {
    packing.free();
    throw error;
  }
  const engine = engineCall(() => packing.finish());
  return describe(engine, engineCall(() => engine.header() as Header), memory, engine.pointer);
}

/** Hands all rows over in their order. */
async function each(
  { items, dim }: FactorsModel,
  rows: Pull,
  signal: AbortSignal | undefined,
  take: (chunk: Float32Array) => void,
): Promise<void> {
  const moments = new Moments();
  const step = Math.max(1, Math.floor(TOGETHER / dim)) * dim;
  for (let from = 0; from < items * dim; from += step) {
    signal?.throwIfAborted();
    await moments.next();
    const chunk = await rows(from, Math.min(from + step, items * dim));
    engineCall(() => take(chunk));
  }
}

/** The id behind the last one of a text. */
function endOf(text: string, lengths: Uint32Array, start: number): number {
  let end = start;
  for (let left = text.length; left > 0 || (lengths[end] === 0 && end < lengths.length); end++) left -= lengths[end] ?? left;
  return end;
}
