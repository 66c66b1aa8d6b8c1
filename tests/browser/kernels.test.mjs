// Every engine that the package has, in a real browser.

import assert from "node:assert/strict";
import { PRECISION_NAMES } from "../support/kernels.mjs";
import { openBlank, story } from "./story.mjs";

/** Calls a function of tests/support/kernels.mjs in the page, with the package and one of its engines. */
const inPage = (page, name, engine, ...rest) =>
  page.evaluate(
    async ({ name, engine, rest }) => {
      const { Recommender } = await import("/package/dist/index.js");
      const kernels = await import("/support/kernels.mjs");
      const wasm = await (await fetch(`/package/dist/wasm/foldin${engine}_bg.wasm`)).arrayBuffer();
      return kernels[name](Recommender, ...rest, { wasm });
    },
    { name, engine, rest },
  );

const rankings = [];

for (const engine of ["", "_relaxed", "_plain"]) {
  story(`the engine foldin${engine} scores to the bit`, {}, async ({ page }) => {
    await openBlank(page);
    for (const precision of PRECISION_NAMES) {
      assert.deepEqual(await inPage(page, "wrongDims", engine, precision), [], precision);
    }
    rankings.push(await inPage(page, "bestOfMany", engine));
    assert.equal(rankings.at(-1).flat().length, 100 * 100);
    assert.deepEqual(rankings.at(-1), rankings[0], "as the first engine does");
  });
}
