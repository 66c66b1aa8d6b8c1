// Each Vite that people have, without configuration: its development server, and a build in its preview.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { story } from "../browser/story.mjs";
import { modelPath } from "../support/environment.mjs";
import { createApp } from "./app.mjs";

const MAIN = `
import { Recommender } from "foldin";
import "foldin/element";
const worker = new URLSearchParams(location.search).has("worker");
const shop = await Recommender.load("/movies.safetensors", { worker, profile: "default" });
await shop.record({ item: "50", event: "like" });
await shop.onboarding({ count: 3 });
document.querySelector("output").value = (await shop.recommend({ count: 3 })).length;
// As docs/frameworks.md says for a module that hot reloading runs again.
import.meta.hot?.accept();
import.meta.hot?.dispose(() => void shop.close());
`;

const PAGE = `<!doctype html><title>app</title><link rel=icon href=/favicon.svg><output></output>
<foldin-shelf src="/movies.safetensors" count="5"></foldin-shelf><script type="module" src="/main.js"></script>`;

/** Waits for the page's own three items, with and without a worker, and for the shelf of five. */
async function look(page, { resolvedUrls: { local: [url] } }) {
  for (const query of ["", "?worker"]) {
    await page.goto(`${url}${query}`);
    await page.getByText("3", { exact: true }).waitFor();
    await page.locator("foldin-shelf li").nth(4).waitFor();
  }
}

/** Edits the module three times: the page is not loaded again, and no worker stays behind. */
async function edit(page, root) {
  await page.evaluate(() => (globalThis.same = true));
  const before = page.workers().length;
  for (const count of [4, 5, 6]) {
    writeFileSync(join(root, "main.js"), MAIN.replace("recommend({ count: 3 })", `recommend({ count: ${count} })`));
    await page.getByText(String(count), { exact: true }).waitFor();
  }
  assert.ok(await page.evaluate(() => globalThis.same));
  for (let wait = 0; page.workers().length > before && wait < 100; wait++) await page.waitForTimeout(30);
  assert.equal(page.workers().length, before);
  writeFileSync(join(root, "main.js"), MAIN);
}

for (const version of ["vite5", "vite6", "vite7", "vite"]) {
  const tell = async ({ page }) => {
    const { createServer, build, preview } = await import(version);
    const { root, remove } = createApp({ "main.js": MAIN, "index.html": PAGE });
    mkdirSync(join(root, "public"));
    copyFileSync(modelPath(), join(root, "public/movies.safetensors"));
    writeFileSync(join(root, "public/favicon.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const config = { root, configFile: false, logLevel: "error", server: { port: 0 }, preview: { port: 0 } };
    const server = await createServer(config);
    let previewed;
    try {
      await server.listen();
      await look(page, server);
      await edit(page, root);
      await build({ ...config, build: { target: "es2022" } });
      previewed = await preview(config);
      await look(page, previewed);
    } finally {
      await server.close();
      await new Promise((done) => (previewed ? previewed.httpServer.close(done) : done()));
      remove();
    }
  };
  // What its development server says on the console.
  story(`${version} serves, builds and previews`, {}, tell, /^\[vite\] (connect(ing|ed)|hot updated)/);
}
