// What a page pays for a catalogue of a size: bytes, time to the first shelf, milliseconds of a like and its shelf.
// usage: node browser.mjs MODEL...; `cargo xtask bench scale` prepares all that it needs.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { chromePath, packageFolder, requireFromWww } from "../../tests/support/environment.mjs";
import { serve } from "../../tests/support/server.mjs";

const { chromium } = requireFromWww("playwright-core");
const models = process.argv.slice(2);

const streamed = (model) => (response) => {
  response.setHeader("content-length", statSync(model).size);
  createReadStream(model).pipe(response);
};
const server = await serve({
  folders: { "/package/": packageFolder() },
  files: {
    "/": "<!doctype html><title>bench</title>",
    ...Object.fromEntries(models.map((model) => [`/${basename(model)}`, streamed(model)])),
  },
});
const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  console.log(`${"items".padStart(10)}${"MB".padStart(9)}${"gzip MB".padStart(9)}${"first shelf, ms".padStart(17)}${"a like, ms".padStart(12)}`);
  for (const model of models) {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(server.url);
    const { items, first, like } = await page.evaluate(measure, `/${basename(model)}`);
    await page.close();
    const { size } = statSync(model);
    // Larger ones compress alike.
    const zipped = size < 1e8 ? (gzipSync(readFileSync(model)).length / 1e6).toFixed(2) : "";
    const cells = [items, (size / 1e6).toFixed(2), zipped, first.toFixed(0), like.toFixed(2)];
    console.log([10, 9, 9, 17, 12].map((width, at) => String(cells[at]).padStart(width)).join(""));
  }
} finally {
  await browser.close();
  await server.close();
}

/** Runs in the page: nothing is cached, everything comes from a server on the same machine. */
async function measure(address) {
  const start = performance.now();
  const { Recommender } = await import("/package/dist/index.js");
  const shop = await Recommender.load(address, { worker: true });
  await shop.recommend({ count: 12 });
  const first = performance.now() - start;
  const times = [];
  for (let round = 0; round < 15; round++) {
    const begin = performance.now();
    await shop.record({ item: String(round * 7), event: "like" });
    await shop.recommend({ count: 12 });
    times.push(performance.now() - begin);
  }
  const { items } = shop.info;
  await shop.close();
  return { items, first, like: times.sort((a, b) => a - b)[times.length >> 1] };
}
