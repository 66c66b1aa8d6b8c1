// The wasm's own allocator, which does not write zeros where it knows of some.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../support/environment.mjs";

const PAGE = 65_536;

/** The exports of a module whose imports are never called here. */
async function started(name) {
  const module = await WebAssembly.compile(readFileSync(resolve(packageFolder(), `dist/wasm/${name}_bg.wasm`)));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  const { exports } = await WebAssembly.instantiate(module, imports);
  exports.__wbindgen_start?.();
  return exports;
}

// The relaxed module, which not every Node can compile, has the allocator of the others.
for (const name of ["foldin", "foldin_plain"]) {
  test(`${name}: room for a model is all zeros, fresh or used before`, async () => {
    const wasm = await started(name);
    const held = [];
    let state = 1;
    const below = (most) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % most;
    let fresh = 0;
    for (let round = 0; round < 400; round++) {
      if (held.length && below(2)) wasm.__wbg_modelbuffer_free(held.splice(below(held.length), 1)[0], 0);
      // Of a few bytes, around a page, and several pages, so that all ways lead to some: what is left, what was freed, growth.
      const length = [below(64), PAGE - 32 + below(64), below(40) * PAGE + below(5000)][below(3)];
      const before = wasm.memory.buffer.byteLength;
      const [buffer, , failed] = wasm.modelbuffer_new(length);
      assert.ok(!failed);
      const pointer = wasm.modelbuffer_pointer(buffer);
      const bytes = Buffer.from(wasm.memory.buffer, pointer, length);
      assert.ok(bytes.equals(Buffer.alloc(length)), `round ${round}: ${length} bytes at ${pointer}`);
      if (pointer >= before) fresh++;
      bytes.fill(0xff);
      held.push(buffer);
    }
    assert.ok(fresh > 5, `${fresh} rooms were in memory that was not there before`);
  });
}
