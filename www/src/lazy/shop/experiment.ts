// Which variant of an experiment a visitor gets. A chunk of its own.

import * as check from "../../api/check.js";
import { wrongValue } from "../../errors.js";
import type { Experiment } from "../../types.js";

const RULES = { name: check.text, variants: check.strings, shares: check.numbers, unit: check.text };

/** Where the browser keeps a variant's name. */
const keyOf = (name: string): string => `foldin experiment ${name}`;

/** The visitor's variant: that of the unit, else the one that they had, else what chance decides and the browser keeps. */
export function variantOf(experiment: Experiment): string {
  check.checkFields("experiment", experiment, RULES, ["name", "variants"]);
  const { name, variants, shares = variants.map(() => 1), unit } = experiment;
  if (variants.length === 0) throw wrongValue("experiment.variants", "at least one", "none");
  const sum = shares.reduce((sum, share) => sum + share, 0);
  if (shares.length !== variants.length || !(sum > 0) || shares.some((share) => share < 0)) {
    throw wrongValue("experiment.shares", "a share of 0 or more a variant, and one above 0", String(shares));
  }
  const known = unit === undefined ? recalled(name) : undefined;
  if (known !== undefined && variants.includes(known)) return known;
  const variant = pick(variants, shares, sum * (unit === undefined ? Math.random() : place(`${name}\n${unit}`)));
  if (unit === undefined) keep(name, variant);
  return variant;
}

function pick(variants: string[], shares: number[], at: number): string {
  let end = 0;
  const found = shares.findIndex((share) => at < (end += share));
  return variants[found] ?? (variants.at(-1) as string);
}

/** A number from 0 to 1, the same for the same text: FNV-1a, and the finish of MurmurHash3 to mix its bits. */
export function place(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

// A browser may refuse either.
function recalled(name: string): string | undefined {
  try {
    return globalThis.localStorage?.getItem(keyOf(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, variant: string): void {
  try {
    globalThis.localStorage?.setItem(keyOf(name), variant);
  } catch {
    // The next page decides anew.
  }
}
