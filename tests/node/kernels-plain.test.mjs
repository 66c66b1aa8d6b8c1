// The engine for browsers without vector instructions.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../support/environment.mjs";
import { testKernels } from "../support/kernels.mjs";

const wasm = readFileSync(resolve(packageFolder(), "dist/wasm/foldin_plain_bg.wasm"));

test("the plain engine is one of its own", () => {
  assert.ok(WebAssembly.validate(wasm));
  const vectors = readFileSync(resolve(packageFolder(), "dist/wasm/foldin_bg.wasm"));
  assert.ok(!wasm.equals(vectors));
});

testKernels(wasm);
