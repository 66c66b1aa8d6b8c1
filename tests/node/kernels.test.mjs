import assert from "node:assert/strict";
import { test } from "node:test";
import { importPackage } from "../support/environment.mjs";
import { PRECISION_NAMES, wrongDims } from "../support/kernels.mjs";

const { Recommender } = await importPackage();

for (const precision of PRECISION_NAMES) {
  test(`${precision} rows of 1 to 260 numbers score to the bit`, async () => {
    assert.deepEqual(await wrongDims(Recommender, precision), []);
  });
}
