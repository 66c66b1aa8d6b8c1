import { wrongValue } from "../errors.js";
import { engineCall } from "../model/engine.js";
import type { EventWeights } from "../types.js";
import type { Engine } from "../wasm/foldin.js";

/** How many kinds of events a page may name itself. */
const MAX_KINDS = 8;

/** Has the engine weigh events in the given way. */
export function weigh(engine: Engine, weights: EventWeights): void {
  const { like, dislike, rate, view, purchase, skip, remains, scale, fullView, halfLife = Number.NaN } = weights;
  const { cart, wishlist, click, impression, search, kinds: own = {} } = weights;
  if (Object.keys(own).length > MAX_KINDS) throw wrongValue("events.kinds", `at most ${MAX_KINDS}`, "more");
  const page = [like, dislike, rate, view, purchase, skip, remains];
  // What is not set becomes NaN, for which the engine has its defaults.
  const kinds = [...page, cart, wishlist, click, impression, search, ...Object.values(own)].map(
    (weight) => weight ?? Number.NaN,
  );
  const rest = [scale?.[0], scale?.[1], fullView, 1000 * halfLife].map((number) => number ?? Number.NaN);
  engineCall(() => engine.weigh(Float32Array.from(kinds), Float64Array.from(rest)));
}
