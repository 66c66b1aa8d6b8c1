// The engine for browsers without vector instructions.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { importPackage, packageFolder } from "../support/environment.mjs";
import { PRECISION_NAMES, wrongDims } from "../support/kernels.mjs";

const { Recommender } = await importPackage();

const [vectors, plain] = ["", "_plain"].map((suffix) =>
  readFileSync(resolve(packageFolder(), `dist/wasm/foldin${suffix}_bg.wasm`)),
);

test("the plain engine is one of its own", () => {
  assert.ok(WebAssembly.validate(plain));
  assert.ok(!plain.equals(vectors));
});

for (const precision of PRECISION_NAMES) {
  test(`${precision} rows of 1 to 260 numbers score to the bit in the plain engine`, async () => {
    assert.deepEqual(await wrongDims(Recommender, precision, { wasm: plain }), []);
  });
}
