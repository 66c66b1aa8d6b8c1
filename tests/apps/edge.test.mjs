// The package in workerd, where edge workers run: no document, no fetch of its own files, wasm as a module.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { modelBytes } from "../support/environment.mjs";
import { createApp } from "./app.mjs";

const WORKER = `
import { Recommender } from "./node_modules/foldin/dist/index.js";
import wasm from "./node_modules/foldin/dist/wasm/foldin_bg.wasm";

export default {
  async fetch(request) {
    const shop = await Recommender.load(new Uint8Array(await request.arrayBuffer()), { wasm });
    await shop.record({ item: "50", event: "like" });
    return Response.json(await shop.recommend({ count: 3 }));
  },
};
`;

test("an edge worker loads and recommends", async () => {
  const { root, remove } = createApp({ "worker.js": WORKER });
  const edge = new Miniflare({
    rootPath: root,
    scriptPath: "worker.js",
    script: readFileSync(join(root, "worker.js"), "utf8"),
    modules: true,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
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
