// Training beside the engine: its instance lives as long as it trains. A chunk of its own.

import { engineCall, typed } from "../model/engine.js";
import type { TrainingInput } from "./interactions.js";
import { trainerModule } from "./trainer.js";
import type { TrainingProgress } from "../types.js";
import type { Header, Hooks, LoadedModel } from "../model/model.js";
import { ModelBuffer } from "../wasm/foldin.js";
import { __wbg_reset_state, initSync, Training } from "../wasm/foldin_trainer.js";

/** Trains a model and copies it into the engine's memory. */
export async function train(
  { training, algorithm, dim, epochs, seed, module }: TrainingInput,
  engine: Promise<WebAssembly.Memory>,
  { onProgress }: Hooks,
): Promise<LoadedModel> {
  const compiled = module ?? (await trainerModule());
  const engineMemory = await engine;
  // From here on nothing waits, so that trainings have the instance one after the other.
  const { memory } = initSync({ module: compiled });
  try {
    const { users, items, values, times, ids } = training;
    const told = progressOf(onProgress as ((progress: TrainingProgress) => void) | undefined);
    const trained = new Training(users, items, values, times, ids).run(algorithm, dim, epochs, seed, told);
    const header = trained.header() as Header;
    const { pointer, length } = trained;
    const buffer = engineCall(() => new ModelBuffer(length));
    new Uint8Array(engineMemory.buffer, buffer.pointer, length).set(new Uint8Array(memory.buffer, pointer, length));
    return { header, buffer };
  } catch (thrown) {
    throw typed(thrown);
  } finally {
    // The memory goes with the instance.
    __wbg_reset_state();
  }
}

/** Milliseconds between two reports from within an epoch. */
const REPORT = 100;

/** Hands on how far a training is: each epoch that ended, and between them what is not too soon after the last report. */
function progressOf(report: ((progress: TrainingProgress) => void) | undefined) {
  let [last, ended] = [-Infinity, 0];
  return (epoch: number, epochs: number, loss: number, share: number): void => {
    const now = performance.now();
    if (epoch === ended && now - last < REPORT) return;
    [last, ended] = [now, epoch];
    report?.({ epoch, epochs, loss, share });
  };
}
