import { askWorker } from "../ask.js";

/** Makes a model file of random items on another thread, which is its to spend. */
export const makeHuge = (items: number, dim: number): Promise<Uint8Array> =>
  askWorker(new Worker(new URL("./make.worker.ts", import.meta.url), { type: "module" }), { items, dim });
