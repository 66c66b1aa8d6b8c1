// Packs factors beside the engine, some at a time: the packer's instance lives as long as it packs. A chunk of its own.

import { compileOnce } from "../model/compile.js";
import { engineCall, typed } from "../model/engine.js";
import { aborted } from "../errors.js";
import type { FactorsModel, Pull } from "../model/factors.js";
import type { Header, Hooks, LoadedModel } from "../model/model.js";
import { Moments } from "../host/task.js";
import { ModelBuffer } from "../wasm/foldin.js";
import { __wbg_reset_state, initSync, Packing } from "../wasm/foldin_packer.js";

/** Bundlers read the addresses. */
const packerModule = compileOnce((vectors) =>
  vectors
    ? new URL("../wasm/foldin_packer_bg.wasm", import.meta.url)
    : new URL("../wasm/foldin_packer_plain_bg.wasm", import.meta.url),
);

/** Numbers that are handed over at a time. */
const TOGETHER = 2 ** 20;

let last: Promise<unknown> = Promise.resolve();

/** Packs a model and copies it into the engine's memory, after all that were to be packed before. */
export function pack(model: FactorsModel, engine: Promise<WebAssembly.Memory>, hooks: Hooks): Promise<LoadedModel> {
  const packed = last.then(() => packOne(model, engine, hooks));
  last = packed.catch(() => {});
  return packed;
}

async function packOne(
  model: FactorsModel,
  engine: Promise<WebAssembly.Memory>,
  { signal, pull }: Hooks,
): Promise<LoadedModel> {
  const { items, dim, precision, ids, factors } = model;
  const rows = factors ? (from: number, to: number) => factors.subarray(from, to) : (pull as Pull);
  const { memory } = initSync({ module: await packerModule() });
  const engineMemory = await engine;
  try {
    const packing = new Packing(items, dim, precision);
    await each(model, rows, signal, (chunk) => packing.measure(chunk));
    for (const { text, lengths } of ids ?? []) packing.ids(text, lengths);
    await each(model, rows, signal, (chunk) => packing.pack(chunk));
    const packed = packing.finish();
    const { pointer, length } = packed;
    const buffer = engineCall(() => new ModelBuffer(length));
    new Uint8Array(engineMemory.buffer, buffer.pointer, length).set(new Uint8Array(memory.buffer, pointer, length));
    return { header: packed.header() as Header, buffer };
  } catch (thrown) {
    throw typed(thrown);
  } finally {
    // The memory goes with the instance.
    __wbg_reset_state();
  }
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
    if (signal?.aborted) throw aborted();
    await moments.next();
    take(await rows(from, Math.min(from + step, items * dim)));
  }
}
