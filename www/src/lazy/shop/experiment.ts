// Which variant of an experiment a visitor gets. A chunk of its own.

import * as check from "../../api/check.js";
import { wrongValue } from "../../errors.js";
import type { Experiment } from "../../types.js";

const RULES = { name: check.text, variants: check.strings, shares: check.numbers, unit: check.text };

/** Where the browser keeps a variant's name. */
const keyOf = (name: string): string => `foldin experiment ${name}`;

/** The variant of an experiment that a visitor has. */
export class Trial {
  readonly experiment: string;
  readonly variant: string;
  /** Chance decided, and only the browser can know it again. */
  readonly #drawn: boolean;

  /** The variant of the unit, else the one that the browser keeps where it `mayKeep` one, else a draw. */
  constructor(experiment: Experiment, mayKeep: boolean) {
    check.checkFields("experiment", experiment, RULES, ["name", "variants"]);
    const { name, variants, unit } = experiment;
    const shares = sharesOf(experiment);
    const kept = mayKeep && unit === undefined ? recalled(name) : undefined;
    this.experiment = name;
    this.#drawn = unit === undefined;
    const draw = () => (unit === undefined ? Math.random() : place(`${name}\n${unit}`));
    this.variant = kept !== undefined && variants.includes(kept) ? kept : pick(variants, shares, draw());
    if (mayKeep) this.keep();
  }

  /** Has the browser keep the variant's name, for the next page. */
  keep(): void {
    if (this.#drawn) store((storage) => storage.setItem(keyOf(this.experiment), this.variant));
  }

  /** The browser keeps nothing of it any more. */
  drop(): void {
    store((storage) => storage.removeItem(keyOf(this.experiment)));
  }
}

/** A share a variant, checked. */
function sharesOf({ variants, shares = variants.map(() => 1) }: Experiment): number[] {
  if (variants.length === 0) throw wrongValue("experiment.variants", "at least one", "none");
  if (shares.length !== variants.length || !(sumOf(shares) > 0) || shares.some((share) => share < 0)) {
    throw wrongValue("experiment.shares", "a share of 0 or more a variant, and one above 0", String(shares));
  }
  return shares;
}

const sumOf = (shares: number[]): number => shares.reduce((sum, share) => sum + share, 0);

/** The variant at a place from 0 to 1, where each has as much room as its share. */
function pick(variants: string[], shares: number[], place: number): string {
  const at = place * sumOf(shares);
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

function recalled(name: string): string | undefined {
  let found: string | null = null;
  store((storage) => (found = storage.getItem(keyOf(name))));
  return found ?? undefined;
}

/** Asks the browser's storage, which it may refuse: then the next page draws anew. */
function store(work: (storage: Storage) => void): void {
  try {
    if (globalThis.localStorage) work(globalThis.localStorage);
  } catch {}
}
