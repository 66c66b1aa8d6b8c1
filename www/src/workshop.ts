// What few visitors need of the engine; a chunk of its own, beside the module that has it all.

import { describe, engineCall, type FullOpened, type Opened } from "./engine.js";
import { aborted } from "./errors.js";
import { EVENT_KINDS } from "./kinds.js";
import { type Hooks, tellHeader } from "./model.js";
import type { EventWeights, TrainingProgress } from "./types.js";
import { type FullWasm, fullWasm } from "./wasm.js";
import type { Engine as FullEngine } from "./wasm/foldin_full.js";

/** Moves models into the module with all that few pages ask for; nothing is told them of the visitor yet. */
export async function promoter(): Promise<(opened: Opened) => FullOpened> {
  const wasm = await fullWasm.start();
  return (opened) => ("Training" in opened.wasm ? (opened as FullOpened) : promote(opened, wasm));
}

function promote(opened: Opened, wasm: FullWasm): FullOpened {
  const { header } = opened;
  const bytes = opened.catalog.bytes(opened.info.bytes);
  const buffer = engineCall(() => new wasm.ModelBuffer(bytes.length));
  const { pointer } = buffer;
  new Uint8Array(wasm.memory.buffer, pointer, bytes.length).set(bytes);
  const engine = engineCall(() => wasm.Engine.open(tellHeader(wasm, header), buffer)) as FullEngine;
  return describe(wasm, engine, header, pointer) as FullOpened;
}

/** Has the engine weigh events in the given way. */
export function weigh(engine: FullEngine, weights: EventWeights): void {
  const { like, dislike, rate, view, purchase, skip, remains, scale, fullView, halfLife = Number.NaN } = weights;
  // What is not set becomes NaN, for which the engine has its defaults.
  const kinds = [like, dislike, rate, view, purchase, skip, remains].map((weight) => weight ?? Number.NaN);
  const rest = [scale?.[0], scale?.[1], fullView, 1000 * halfLife].map((number) => number ?? Number.NaN);
  engineCall(() => engine.weigh(Float32Array.from(kinds), Float64Array.from(rest)));
}

/** The events that the engine keeps, as row, kind, value and time. */
export function* keptBy(engine: FullEngine): Generator<[number, string, number | undefined, number]> {
  const numbers = engineCall(() => engine.events());
  for (let at = 0; at < numbers.length; at += 4) {
    const [row = 0, kind = 0, value = Number.NaN, time = 0] = numbers.subarray(at, at + 4);
    yield [row, EVENT_KINDS[kind] ?? "like", Number.isNaN(value) ? undefined : value, time];
  }
}

/** How a fine-tuning goes. */
export interface Tuning {
  epochs: number;
  learningRate: number;
  pull: number;
}

/** Fine-tunes; between two epochs other questions are answered. Aborted, it leaves all as it was. */
export async function fineTune(
  present: () => FullOpened,
  { epochs, learningRate, pull }: Tuning,
  { signal, onProgress }: Hooks<TrainingProgress>,
): Promise<void> {
  const { engine } = present();
  const tuning = engineCall(() => engine.startTuning(learningRate, pull));
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await new Promise((resolve) => setTimeout(resolve));
      // A newer model has other items: what was tuned so far means nothing there.
      if (signal?.aborted || present().engine !== engine) throw aborted();
      const loss = engineCall(() => tuning.epoch(engine));
      onProgress?.({ epoch, epochs, loss });
    }
  } catch (error) {
    tuning.free();
    throw error;
  }
  engineCall(() => engine.finishTuning(tuning));
}
