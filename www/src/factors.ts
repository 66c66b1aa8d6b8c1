// Checks factors of somebody's own, on the page's thread. A chunk of its own.

import * as check from "./check.js";
import { HOST_RULES } from "./rules.js";
import type { FactorsInput } from "./types.js";

const FACTORS_RULES = {
  factors: check.floats,
  dim: check.natural,
  ids: check.strings,
  precision: check.oneOf("f32", "f16", "int8", "int4"),
};

export function factorsInput(input: FactorsInput, options: object): FactorsInput {
  check.checkFields("input", input, FACTORS_RULES, ["factors", "dim"]);
  check.checkFields("options", options, HOST_RULES);
  return input;
}
