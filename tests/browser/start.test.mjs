// What is fetched to start the engine, and when.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../support/environment.mjs";
import { openBlank, story } from "./story.mjs";

const dist = join(packageFolder(), "dist");
const engines = ({ requests }) => requests.filter((request) => request.endsWith("_bg.wasm"));

story("the engine is on its way while the host's code is", {}, async ({ page, server }) => {
  const [host] = readdirSync(dist).filter((name) => /^host-.*\.js$/.test(name));
  const path = `/package/dist/${host}`;
  let early;
  // The host's code comes when the engine was asked for; after a while in any case.
  server.files[path] = async (response) => {
    for (let tries = 0; tries < 100 && engines(server).length === 0; tries++) await new Promise((r) => setTimeout(r, 20));
    early = engines(server).length;
    response.end(readFileSync(join(dist, host)));
  };
  await openBlank(page);
  await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    await Recommender.load("/movies.safetensors");
  });
  delete server.files[path];
  assert.equal(early, 1);
  // A model of what comes next needs the engine's rest, too.
  assert.equal(new Set(engines(server)).size, 2);
  assert.equal(engines(server).length, 2, "each asked for once");
});

story("factors of one's own are packed beside the one engine", {}, async ({ page, server }) => {
  await openBlank(page);
  await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    await Recommender.fromFactors({ factors: Float32Array.of(1, 2, 3, 4), dim: 2 });
  });
  const fetched = ["foldin_packer_bg.wasm", "foldin_relaxed_bg.wasm"];
  assert.deepEqual(engines(server).sort(), fetched.map((file) => `GET /package/dist/wasm/${file}`));
});
