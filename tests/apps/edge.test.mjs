// The package in workerd, where edge workers run: no document, no fetch of its own files, wasm as a module.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import esbuild from "esbuild";
import { Miniflare } from "miniflare";
import { modelBytes } from "../support/environment.mjs";
import { createApp } from "./app.mjs";

const WORKER = `
import { Recommender } from "foldin";
import wasm from "foldin/foldin.wasm";

export default {
  async fetch(request) {
    const shop = await Recommender.load(new Uint8Array(await request.arrayBuffer()), { wasm });
    await shop.record({ item: "50", event: "like" });
    return Response.json(await shop.recommend({ count: 3 }));
  },
};
`;

/** One script, with the wasm beside it: what wrangler makes of a worker. */
async function bundled(root) {
  const beside = {
    name: "beside",
    setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, () => ({ path: "./foldin.wasm", external: true })),
  };
  const options = { bundle: true, format: "esm", write: false, conditions: ["workerd", "worker"], plugins: [beside] };
  const { outputFiles } = await esbuild.build({ entryPoints: [join(root, "worker.js")], ...options });
  return outputFiles[0].text;
}

test("an edge worker loads and recommends", async () => {
  const { root, remove } = createApp({ "worker.js": WORKER });
  const wasm = readFileSync(join(root, "node_modules/foldin/dist/wasm/foldin_bg.wasm"));
  const edge = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.js", contents: await bundled(root) },
      { type: "CompiledWasm", path: "foldin.wasm", contents: wasm },
    ],
    compatibilityDate: "2025-01-01",
  });
  try {
    const answer = await edge.dispatchFetch("http://edge/", { method: "POST", body: modelBytes() });
    assert.equal(answer.status, 200);
    const shelf = await answer.json();
    assert.equal(shelf.length, 3);
    assert.ok(shelf.every(({ item, title }) => item && title && item !== "50"));
  } finally {
    await edge.dispose();
    remove();
  }
});
