// What callers may hand in, field by field.

import * as check from "./check.js";
import { EVENT_KINDS } from "../visitor/kinds.js";

export const RUN_RULES = { signal: check.abortSignal, onProgress: check.callback };
const FILE_RULES = {
  integrity: check.fileDigest,
  maxBytes: check.natural,
  ...RUN_RULES,
};
/** Of an event, whose kind is one of these. */
export const eventRules = (kinds: string[]): Record<string, check.Rule> => ({
  item: check.text,
  event: check.oneOf(...kinds),
  value: check.finite,
  time: check.past,
  scale: check.scale,
  quantity: check.finite,
  price: check.finite,
  shelf: check.text,
});
const WEIGHTS_RULES = {
  ...Object.fromEntries([...EVENT_KINDS, "remains", "halfLife", "fullView"].map((name) => [name, check.finite])),
  kinds: check.record(check.finite),
  scale: check.scale,
};
export const HOST_RULES = {
  worker: check.flag,
  profile: check.text,
  events: check.fields(WEIGHTS_RULES),
  prior: check.flag,
  // `fileInput` knows what it may be.
  words: check.anything,
  parts: check.oneOf("head", "idle", "all"),
  wasm: check.object,
  report: check.callback,
  // What is in these is checked where it is used.
  placements: check.anything,
  experiment: check.object,
  fallback: check.anything,
  privacyControl: check.oneOf("respect", "ignore"),
};
export const LOAD_RULES = { ...HOST_RULES, ...FILE_RULES };
// The source has rules of its own, see `fileInput`.
export const UPDATE_RULES = { ...FILE_RULES, source: check.anything };
const UNKNOWN = check.oneOf("error", "skip");
const PAGE = { count: check.natural, offset: check.whole, unknown: UNKNOWN };
/** What every question takes. */
const RULES = {
  exclude: check.strings,
  only: check.strings,
  where: check.callbackOr(check.conditions(8)),
  boost: check.fields({ items: check.record(check.number), tags: check.record(check.record(check.number)) }),
  quota: check.record(check.record(check.whole)),
  diversity: check.finite,
  atLeast: check.record(check.record(check.whole)),
  pin: check.record(check.whole),
  bury: check.strings,
  // `tellMore` checks what is in it.
  seen: check.anything,
};
const MORE = {
  by: check.oneOf("visitor", "trending", "popular", "new", "bought-together"),
  personal: check.finite,
};
export const RANK_RULES = { ...RULES, explain: check.flag, vector: check.floats, unknown: UNKNOWN };
export const RECOMMEND_RULES = {
  ...RANK_RULES,
  ...PAGE,
  ...MORE,
  dates: check.text,
  text: check.text,
  seeds: check.strings,
  explore: check.fields({ seed: check.whole, strength: check.finite }, "seed"),
};
export const SIMILAR_RULES = { ...RULES, ...PAGE, ...MORE, metric: check.oneOf("cosine", "dot") };
export const RECENT_RULES = { count: check.natural, kinds: check.strings, exclude: check.strings };
export const ITEMS_RULES = { offset: check.whole, count: check.natural };
export const COUNT_RULES = { count: check.natural };
