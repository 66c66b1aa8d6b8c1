// The same five lines through each bundler, and through none, from the packed tarball to Chromium.

import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { Parcel } from "@parcel/core";
import esbuild from "esbuild";
import { rollup } from "rollup";
import { build as viteBuild } from "vite";
import webpack from "webpack";
import { servedApp, story } from "../browser/story.mjs";
import { POLICY } from "../support/server.mjs";
import { createApp } from "./app.mjs";

const app = (from) => `
import { Recommender } from "${from}";
const worker = new URLSearchParams(location.search).has("worker");
const shop = await Recommender.load("/movies.safetensors", { worker });
await shop.record({ item: "50", event: "like" });
document.querySelector("output").value = (await shop.recommend({ count: 3 })).length;
`;

const ICON = "<link rel=icon href=/favicon.svg>";
const PAGE = `<!doctype html><title>app</title>${ICON}<output></output><script type="module" src="./main.js"></script>`;

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
  Parcel: async (root) => {
    const distDir = join(root, "dist");
    // It looks for every file that a page names, and the icon is the server's.
    writeFileSync(join(root, "index.html"), PAGE.replace(ICON, ""));
    const parcel = new Parcel({
      entries: join(root, "index.html"),
      defaultConfig: "@parcel/config-default",
      mode: "production",
      cacheDir: join(root, ".parcel-cache"),
      defaultTargetOptions: { distDir, publicUrl: "./", engines: { browsers: ["last 1 Chrome version"] } },
    });
    await parcel.run();
    const built = join(distDir, "index.html");
    writeFileSync(built, readFileSync(built, "utf8").replace("<title>", `${ICON}<title>`));
    return distDir;
  },
  esbuild: async (root) => {
    await esbuild.build({
      entryPoints: [join(root, "main.js")],
      entryNames: "[name]",
      outdir: join(root, "dist"),
      bundle: true,
      splitting: true,
      format: "esm",
      chunkNames: "[name]-[hash]",
    });
    return withFiles(root);
  },
  Rollup: async (root) => {
    const bundle = await rollup({ input: join(root, "main.js"), plugins: [nodeResolve()] });
    await bundle.write({ dir: join(root, "dist"), entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" });
    return withFiles(root);
  },
};

const FOLDIN = "node_modules/foldin/dist";

/** Bundlers that follow no addresses have worker and wasm copied. */
function withFiles(root) {
  const files = readdirSync(join(root, FOLDIN)).filter((file) => /^wasm$|^worker.*\.js$/.test(file));
  for (const file of files) cpSync(join(root, FOLDIN, file), join(root, "dist", file), { recursive: true });
  cpSync(join(root, "index.html"), join(root, "dist/index.html"));
  return join(root, "dist");
}

for (const [name, build] of Object.entries(bundlers)) {
  story(`five lines through ${name}`, {}, async ({ page, server }) => {
    // It tells where chunks are by a map inside the page.
    if (name === "Parcel") server.policy = POLICY.replace("script-src", "script-src 'unsafe-inline'");
    const from = name === "none" ? "./node_modules/foldin/dist/index.js" : "foldin";
    const { root, remove } = createApp({ "main.js": app(from), "index.html": PAGE });
    try {
      const url = servedApp(await build(root));
      // Parcel 2.16 leaves modules out of a worker that the page has too.
      for (const query of name === "Parcel" ? [""] : ["", "?worker"]) {
        await page.goto(`${url}${query}`);
        await page.getByText("3", { exact: true }).waitFor();
      }
    } finally {
      remove();
    }
  });
}
