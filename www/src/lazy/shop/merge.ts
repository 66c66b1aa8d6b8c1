// Two questions in one.

import type { Conditions, RecommendOptions } from "../../types.js";

type Named = Record<string, unknown>;

const LISTS = ["exclude", "bury", "seeds"];
const RECORDS = ["pin", "boost", "quota", "atLeast"];

/** What both ask: lists together, records by name, conditions that all hold; of the rest what `over` says. */
export function merged(under: RecommendOptions, over: RecommendOptions): RecommendOptions {
  const both: Named = { ...under, ...over };
  const [a, b] = [under as Named, over as Named];
  for (const name of LISTS) {
    if (a[name] && b[name]) both[name] = [...new Set([...(a[name] as string[]), ...(b[name] as string[])])];
  }
  for (const name of RECORDS) if (a[name] && b[name]) both[name] = byName(a[name] as Named, b[name] as Named);
  if (under.only && over.only) {
    const wanted = new Set(over.only);
    both.only = under.only.filter((id) => wanted.has(id));
  }
  const [first, second] = [under.where, over.where];
  if (typeof first === "object" && typeof second === "object") both.where = allOf(first, second);
  return both as RecommendOptions;
}

function byName(a: Named, b: Named): Named {
  const both: Named = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const known = both[name];
    const deeper = typeof known === "object" && known !== null && typeof value === "object" && value !== null;
    both[name] = deeper ? byName(known as Named, value as Named) : value;
  }
  return both;
}

/** Conditions that both hold: by column where they have none in common, else as what is not true of neither. */
export function allOf(a: Conditions, b: Conditions): Conditions {
  const common = Object.keys(a).some((name) => Object.hasOwn(b, name));
  return common ? { not: { or: [{ not: a }, { not: b }] } } : { ...a, ...b };
}
