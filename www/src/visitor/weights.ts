import { engineCall } from "../model/engine.js";
import type { EventWeights } from "../types.js";
import type { Engine } from "../wasm/foldin.js";

/** Has the engine weigh events in the given way. */
export function weigh(engine: Engine, weights: EventWeights): void {
  const { like, dislike, rate, view, purchase, skip, remains, scale, fullView, halfLife = Number.NaN } = weights;
  // What is not set becomes NaN, for which the engine has its defaults.
  const kinds = [like, dislike, rate, view, purchase, skip, remains].map((weight) => weight ?? Number.NaN);
  const rest = [scale?.[0], scale?.[1], fullView, 1000 * halfLife].map((number) => number ?? Number.NaN);
  engineCall(() => engine.weigh(Float32Array.from(kinds), Float64Array.from(rest)));
}
