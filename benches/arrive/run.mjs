// Measures how soon a new visitor has a personal shelf, on slow networks, from a model's head and from its single file,
// and what it costs until all is there; and what an update downloads.
// usage: node run.mjs FOLDIN PACKAGE FOLDER [--only 100000]; `cargo xtask bench arrive` prepares all that it needs.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromePath, requireFromWww } from "../../tests/support/environment.mjs";
import { tasksOf } from "../page/tasks.mjs";
import { writeModel } from "./model.mjs";
import { host } from "./server.mjs";

const { chromium } = requireFromWww("playwright-core");
const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
const [foldin, foldinPackage, folder] = positionals;
if (positionals.length !== 3) throw new Error("usage: node run.mjs FOLDIN PACKAGE FOLDER [--only ITEMS]");

/** Bits a second and milliseconds of latency, as a phone has them. */
const NETWORKS = { "10 Mbit/s": [10e6, 100], "1.6 Mbit/s": [1.6e6, 300] };
const SIZES = [100_000, 1_000_000].filter((items) => !values.only || values.only === String(items));
/** What takes longer than anybody waits. */
const tooLong = (items, network) => items > 100_000 && network === "1.6 Mbit/s";

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu", "--headless"] });
try {
  const rows = {};
  for (const items of SIZES) {
    const site = deployed(`${items}`, items);
    const server = await host(site, pages(site));
    for (const network of Object.keys(NETWORKS)) {
      for (const way of ["single file", "head and parts"]) {
        if (tooLong(items, network)) continue;
        rows[`${items} items, ${network}, ${way}`] = await visited(server, network, way);
      }
    }
    server.close();
  }
  console.log("seconds from the page's start; MB on the wire; milliseconds of the longest task after the first shelf");
  console.table(rows);
} finally {
  await browser.close();
}
if (SIZES.includes(1_000_000)) console.table({ "1 % new items": update(1_000_000) });

/** Lays a model out; the folder. */
function deployed(name, ...what) {
  const site = join(folder, name);
  const model = join(folder, `${name}.safetensors`);
  if (!existsSync(model)) writeModel(model, ...what);
  execFileSync(foldin, ["bundle", model, "-o", site, "--package", foldinPackage], { stdio: "ignore" });
  return site;
}

/** A page each for the two ways to load: an item is liked, and a shelf is there. */
function pages(site) {
  const { model, pieces } = JSON.parse(readFileSync(join(site, "foldin.json"), "utf8")).current;
  const page = (call) => `<!doctype html><title>shop</title><link rel="icon" href="data:,"><script type="module">
import { load, release } from "/load.js";
const at = {};
globalThis.times = at;
const shop = await ${call};
const [{ item }] = await shop.items({ count: 1 });
await shop.record({ item, event: "like" });
const shelf = await shop.recommend({ count: 12 });
at.shelf = performance.now();
const { pieces } = await release();
const length = Math.hypot(...(await shop.vector()));
at.skippable = pieces.parts.filter(({ longest }) => length * longest < shelf.at(-1).score).length / pieces.parts.length;
globalThis.go?.();
await shop.complete();
at.complete = performance.now();
</script>`;
  const single = `(async () => {
    const { package: code } = await release();
    const { Recommender } = await import("/" + code.entry);
    return Recommender.load("/${model.file}");
  })()`;
  return { "/single file/": page(single), "/single%20file/": page(single), "/head%20and%20parts/": page(`load({ integrity: ${JSON.stringify(pieces.head.integrity)} })`) };
}

async function visited(server, network, way) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => { throw error; });
  const cold = await opened(page, server, network, way);
  await page.waitForTimeout(1000);
  const warm = await opened(page, server, network, way);
  await context.close();
  const seconds = (milliseconds) => Number((milliseconds / 1000).toFixed(2));
  return {
    "first shelf": seconds(cold.shelf),
    "all items": seconds(cold.complete),
    MB: Number((cold.bytes / 1e6).toFixed(2)),
    "first shelf again": seconds(warm.shelf),
    "parts that cannot reach it, %": Math.round(100 * cold.skippable),
    "longest task": Number(cold.longest.toFixed(1)),
    "of the processor": Number(cold.processor.toFixed(1)),
  };
}

/** Opens the page on a slow network, and watches it until all is there. */
async function opened(page, server, network, way) {
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  const [bits, latency] = NETWORKS[network];
  const throughput = { downloadThroughput: bits / 8, uploadThroughput: bits / 8 };
  await client.send("Network.emulateNetworkConditions", { offline: false, latency, ...throughput });
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(`${server.url}/${encodeURIComponent(way)}/`, { waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.times?.shelf);
  const tasks = await tasksOf(browser, () => page.waitForFunction(() => globalThis.times.complete, undefined, { polling: 500 }));
  const times = await page.evaluate(() => globalThis.times);
  await client.detach();
  const most = (name) => tasks.reduce((most, task) => Math.max(most, task[name]), 0);
  return { ...times, bytes, longest: most("wall"), processor: most("processor") };
}

/** What a page that has all of one release downloads of the next. */
function update(items) {
  const manifest = (site) => JSON.parse(readFileSync(join(site, "foldin.json"), "utf8")).current.pieces;
  const [before, after] = [manifest(deployed(`${items}`, items)), manifest(deployed(`${items}-new`, items, 1, items / 100))];
  const known = new Set(before.parts.map(({ file }) => file));
  const all = [after.head, ...after.parts];
  const sum = (assets) => assets.reduce((bytes, { brotli }) => bytes + brotli, 0);
  const changed = all.filter(({ file }) => !known.has(file));
  return { "parts that changed": changed.length, of: all.length, "MB of them": sum(changed) / 1e6, "MB of all": sum(all) / 1e6 };
}
