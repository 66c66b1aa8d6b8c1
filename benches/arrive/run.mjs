// Measures how soon a new visitor has a personal shelf, on slow networks, from a model's head, from its single file and
// from onnxruntime-web, and what it costs until all is there; and what an update downloads.
// usage: node run.mjs FOLDIN PACKAGE PEERS FOLDER [--only 100000]; `cargo xtask bench arrive` prepares all that it needs.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromePath, requireFromWww } from "../../tests/support/environment.mjs";
import { tasksOf } from "../page/tasks.mjs";
import { writeVectors } from "./model.mjs";
import { deployPeer, PEER_PAGE } from "./peer.mjs";
import { host } from "./server.mjs";

const { chromium } = requireFromWww("playwright-core");
const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
const [foldin, foldinPackage, peers, folder] = positionals;
if (positionals.length !== 4) throw new Error("usage: node run.mjs FOLDIN PACKAGE PEERS FOLDER [--only ITEMS]");

/** Bits a second and milliseconds of latency, as a phone has them. */
const NETWORKS = { "10 Mbit/s": [10e6, 100], "1.6 Mbit/s": [1.6e6, 300] };
const SIZES = [100_000, 1_000_000].filter((items) => !values.only || values.only === String(items));
/** What takes longer than anybody waits. */
const tooLong = (items, network) => items > 100_000 && network === "1.6 Mbit/s";

/** What the next release is, beside the last. */
const CHANGES = [
  { name: "1 % new items", change: (items) => ({ added: items / 100 }) },
  { name: "1 % new items, all vectors moved by 2 %", change: (items) => ({ added: items / 100, moved: 0.02 }) },
];

// A release has the name of the last.
mkdirSync(join(folder, "next"), { recursive: true });
const sites = new Map(SIZES.map((items) => [items, deployed(`${items}`, { items })]));
const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu", "--headless"] });
const rows = [];
// The page that Chromium starts with works for a while.
await setTimeout(5000);
try {
  for (const [items, site] of sites) {
    const server = await host(site, pages(site));
    for (const network of Object.keys(NETWORKS)) {
      for (const way of ["head-and-parts", "single-file", "onnxruntime-web"]) {
        if (!tooLong(items, network)) rows.push({ items, network, way, ...(await visited(server, network, way)) });
      }
    }
    server.close();
  }
} finally {
  await browser.close();
}
console.log(markdown(rows));
const updates = [...sites].flatMap(([items, site]) =>
  CHANGES.map(({ name, change }) => ({ items, "the next release": name, ...update(site, items, change) })),
);
console.log(`\n${markdown(updates)}`);

/** Packs made-up vectors and lays the model out, as the next release of what the site has; the site's folder. */
function deployed(name, { items, ...change }, site = join(folder, name), options = []) {
  const path = join(folder, name);
  const model = `${path}.safetensors`;
  writeVectors(path, items, change);
  const quietly = { stdio: ["ignore", "ignore", "inherit"] };
  execFileSync(foldin, ["pack", `${path}.npy`, "--ids", `${path}.txt`, "-o", model, ...options], quietly);
  execFileSync(foldin, ["bundle", model, "-o", site, "--package", foldinPackage], quietly);
  return site;
}

/** A page each for the ways to load: an item is liked, and a shelf is there. */
function pages(site) {
  const { model, pieces } = released(site);
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
await shop.complete();
at.complete = performance.now();
</script>`;
  const single = `(async () => {
    const { package: code } = await release();
    const { Recommender } = await import("/" + code.entry);
    return Recommender.load("/${model.file}");
  })()`;
  deployPeer(peers, join(site, model.file), join(site, "peer"));
  const head = `load({ integrity: ${JSON.stringify(pieces.head.integrity)} })`;
  return { "/single-file/": page(single), "/head-and-parts/": page(head), "/onnxruntime-web/": PEER_PAGE };
}

/** What the site's manifest says of its release. */
function released(site) {
  return JSON.parse(readFileSync(join(site, "foldin.json"), "utf8")).current;
}

/** A table in Markdown of rows with the same columns. */
function markdown(rows) {
  const names = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(names), `|${"---|".repeat(names.length)}`, ...rows.map((row) => line(names.map((name) => row[name] ?? "")))].join("\n");
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
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(2);
  return {
    "first shelf, s": seconds(cold.shelf),
    "all items, s": seconds(cold.complete),
    "MB on the wire": (cold.bytes / 1e6).toFixed(2),
    "first shelf of a second visit, s": seconds(warm.shelf),
    "parts that cannot reach the shelf, %": cold.skippable && Math.round(100 * cold.skippable),
    // A page whose model is whole does less than others of Chromium's, whose tasks these would be.
    ...(way === "head-and-parts" && {
      "longest task after it, ms": cold.longest.toFixed(1),
      "the same, of the processor": cold.processor.toFixed(1),
    }),
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
  await page.goto(`${server.url}/${way}/`, { waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.times?.shelf);
  const tasks = await tasksOf(browser, () => page.waitForFunction(() => globalThis.times.complete, undefined, { polling: 500 }));
  const times = await page.evaluate(() => globalThis.times);
  await client.detach();
  const most = (name) => tasks.reduce((most, task) => Math.max(most, task[name]), 0);
  return { ...times, bytes, longest: most("wall"), processor: most("processor") };
}

/** What a page that has all of the site's release downloads of the next. The site goes back to what it was. */
function update(site, items, change) {
  const before = released(site);
  deployed(`next/${items}`, { items, ...change(items) }, site, ["--stable-order", site]);
  const after = released(site);
  execFileSync(foldin, ["bundle", "--rollback", "-o", site], { stdio: "ignore" });
  rmSync(join(folder, "next"), { recursive: true });
  mkdirSync(join(folder, "next"));
  const files = ({ pieces: { head, parts } }) => [head, ...parts];
  const known = new Set(files(before).map(({ file }) => file));
  const sum = (assets) => assets.reduce((bytes, { brotli }) => bytes + brotli, 0);
  const changed = files(after).filter(({ file }) => !known.has(file));
  const [part, whole] = [changed, files(after)].map(sum);
  return {
    "files that changed": `${changed.length} of ${files(after).length}`,
    "MB of them": (part / 1e6).toFixed(2),
    "of all": `${Math.round((100 * part) / whole)} %`,
  };
}
