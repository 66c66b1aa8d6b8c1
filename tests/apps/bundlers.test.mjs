// The same five lines through each bundler, and through none, from the packed tarball to Chromium.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import esbuild from "esbuild";
import { build as viteBuild } from "vite";
import webpack from "webpack";
import { servedApp, story } from "../browser/story.mjs";
import { createApp } from "./app.mjs";

const app = (from) => `
import { Recommender } from "${from}";
const worker = new URLSearchParams(location.search).has("worker");
const shop = await Recommender.load("/movies.safetensors", { worker });
await shop.record({ item: "50", event: "like" });
document.querySelector("output").value = (await shop.recommend({ count: 3 })).length;
`;

const PAGE =
  '<!doctype html><title>app</title><link rel=icon href=/favicon.svg><output></output><script type="module" src="./main.js"></script>';

/** Each builds `main.js` of a folder and gives back the folder to serve. */
const bundlers = {
  none: async (root) => root,
  Vite: async (root) => {
    await viteBuild({ root, base: "./", logLevel: "error" });
    return join(root, "dist");
  },
  webpack: async (root) => {
    const output = { path: join(root, "dist"), filename: "main.js", publicPath: "auto" };
    const run = promisify(webpack);
    const stats = await run({ context: root, entry: "./main.js", mode: "production", output });
    assert.deepEqual(stats.toJson({ errors: true }).errors, []);
    cpSync(join(root, "index.html"), join(root, "dist/index.html"));
    return join(root, "dist");
  },
  // It follows no addresses: the worker is one more entry, and the wasm is copied.
  esbuild: async (root) => {
    const foldin = join(root, "node_modules/foldin/dist");
    const entryPoints = [join(root, "main.js"), join(foldin, "worker.js")];
    await esbuild.build({
      entryPoints,
      entryNames: "[name]",
      outdir: join(root, "dist"),
      bundle: true,
      splitting: true,
      format: "esm",
      chunkNames: "[name]-[hash]",
    });
    cpSync(join(foldin, "wasm"), join(root, "dist/wasm"), { recursive: true });
    cpSync(join(root, "index.html"), join(root, "dist/index.html"));
    return join(root, "dist");
  },
};

for (const [name, build] of Object.entries(bundlers)) {
  story(`five lines through ${name}`, {}, async ({ page }) => {
    const from = name === "none" ? "./node_modules/foldin/dist/index.js" : "foldin";
    const { root, remove } = createApp({ "main.js": app(from), "index.html": PAGE });
    try {
      const url = servedApp(await build(root));
      for (const query of ["", "?worker"]) {
        await page.goto(`${url}${query}`);
        await page.getByText("3", { exact: true }).waitFor();
      }
    } finally {
      remove();
    }
  });
}
