// Factors of somebody's own on their way to the host, on the page's thread. A chunk of its own.

import * as check from "../api/check.js";
import { wrongValue } from "../errors.js";
import { HOST_RULES } from "../api/rules.js";
import { Moments } from "../host/task.js";
import type { FactorsInput, Precision } from "../types.js";

/** Factors as the host hears of them. Where they stay with the page, it pulls them, see `Hooks`. */
export interface FactorsModel {
  items: number;
  dim: number;
  precision: Precision | undefined;
  ids: IdText[] | undefined;
  /** Set where the host has them. */
  factors: Float32Array | undefined;
}

/** Some thousands of ids as they cross to a worker: one text, and the length of each. */
export interface IdText {
  text: string;
  lengths: Uint32Array;
}

/** Hands out factors from one place to another. */
export type Pull = (from: number, to: number) => Float32Array | Promise<Float32Array>;

const FACTORS_RULES = {
  factors: check.floats,
  dim: check.natural,
  ids: check.strings,
  precision: check.oneOf("f32", "f16", "int8", "int4"),
  transfer: check.flag,
};

/** Ids that become one text. */
const TOGETHER = 4096;

/** Checks factors, and brings their ids together a few milliseconds at a time. */
export async function factorsModel(input: FactorsInput, options: object): Promise<FactorsModel> {
  check.checkFields("input", input, FACTORS_RULES, ["factors", "dim"]);
  check.checkFields("options", options, HOST_RULES);
  const { factors, dim, ids, precision, transfer } = input;
  const items = factors.length / dim;
  if (items < 1 || !Number.isInteger(items)) {
    throw wrongValue("input.factors", `a multiple of dim = ${dim}, at least one row`, `${factors.length} numbers`);
  }
  if (ids && ids.length !== items) throw wrongValue("input.ids", `${items} ids, one an item`, String(ids.length));
  return { items, dim, precision, ids: ids && (await textsOf(ids)), factors: transfer ? factors : undefined };
}

async function textsOf(ids: string[]): Promise<IdText[]> {
  const moments = new Moments();
  const texts: IdText[] = [];
  for (let from = 0; from < ids.length; from += TOGETHER) {
    await moments.next();
    const some = ids.slice(from, from + TOGETHER);
    texts.push({ text: some.join(""), lengths: Uint32Array.from(some, (id) => id.length) });
  }
  return texts;
}

/** How a host that has no factors of its own gets at these. */
export const pullFrom =
  ({ factors, transfer }: FactorsInput): Pull | undefined =>
    transfer ? undefined : (from, to) => factors.subarray(from, to);
