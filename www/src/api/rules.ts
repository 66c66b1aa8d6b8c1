// What callers may hand in, field by field.

import * as check from "./check.js";
import { EVENT_KINDS } from "../visitor/kinds.js";

export const RUN_RULES = { signal: check.abortSignal, onProgress: check.callback };
const FILE_RULES = {
  integrity: check.fileDigest,
  maxBytes: check.natural,
  ...RUN_RULES,
};
export const EVENT_RULES = {
  item: check.text,
  event: check.oneOf(...EVENT_KINDS),
  value: check.finite,
  time: check.past,
  scale: check.scale,
};
const WEIGHTS_RULES = {
  ...Object.fromEntries([...EVENT_KINDS, "remains", "halfLife", "fullView"].map((name) => [name, check.finite])),
  scale: check.scale,
};
export const HOST_RULES = {
  worker: check.flag,
  profile: check.text,
  events: check.fields(WEIGHTS_RULES),
  prior: check.flag,
  wasm: check.object,
  report: check.callback,
};
export const LOAD_RULES = { ...HOST_RULES, ...FILE_RULES };
// The source has rules of its own, see `fileInput`.
export const UPDATE_RULES = { ...FILE_RULES, source: check.anything };
const UNKNOWN = check.oneOf("error", "skip");
export const RANK_RULES = { explain: check.flag, vector: check.floats, unknown: UNKNOWN };
export const RECOMMEND_RULES = {
  ...RANK_RULES,
  count: check.natural,
  offset: check.whole,
  exclude: check.strings,
  only: check.strings,
  where: check.callbackOr(
    check.record(
      check.fields({ in: check.strings, notIn: check.strings, min: check.number, max: check.number }),
    ),
  ),
  boost: check.fields({ items: check.record(check.number), tags: check.record(check.record(check.number)) }),
  quota: check.record(check.record(check.whole)),
  diversity: check.finite,
  explore: check.fields({ seed: check.whole, strength: check.finite }, "seed"),
};
export const SIMILAR_RULES = { count: check.natural, metric: check.oneOf("cosine", "dot") };
export const ITEMS_RULES = { offset: check.whole, count: check.natural };
export const COUNT_RULES = { count: check.natural };
