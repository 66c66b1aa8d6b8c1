// Measures the demo page in a real browser, with its processor throttled as on a phone and not: how soon a returning
// visitor has a shelf, how soon the page answers a like at 10,000 items, how long it is ever busy; and Lighthouse.
// usage: node run.mjs FOLDIN FOLDER; `cargo xtask bench page` prepares all that it needs.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";
import { chromePath, modelBytes, pageFolder, requireFromWww } from "../../tests/support/environment.mjs";
import { serve } from "../../tests/support/server.mjs";
import { writeCatalogue } from "./catalogue.mjs";

const { chromium } = requireFromWww("playwright-core");
const [foldin, folder] = process.argv.slice(2);

const ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run"];
const THROTTLES = [4, 1];
const RUNS = 5;
const LIKES = 8;

const median = (values) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1]);
const worst = (values) => Math.round(Math.max(0, ...values));

const films = modelBytes();
const large = largeModel();
const server = await serve({ folders: { "/": pageFolder() } });
const browser = await chromium.launch({ executablePath: chromePath(), args: ARGUMENTS });
try {
  const rows = [];
  for (const throttle of THROTTLES) {
    serveModel(films);
    const returning = await returningVisitor(throttle);
    serveModel(large);
    const { likes, sliders, busy } = await interactions(throttle);
    rows.push({
      "processor throttled": `${throttle} x`,
      "first shelf of a returning visitor, ms": median(returning),
      "like to next paint at 10,000 items, ms": worst(likes),
      "slider to next paint, ms": worst(sliders),
      "longest task after load, ms": worst(busy),
    });
  }
  console.table(rows);
} finally {
  await browser.close();
}
serveModel(films);
console.table(await lighthouseScores());
await server.close();

function serveModel(bytes) {
  server.files["/movies.safetensors"] = (response) => {
    response.setHeader("etag", `"${bytes.length}"`);
    response.setHeader("content-length", bytes.length);
    response.end(bytes);
  };
}

function largeModel() {
  mkdirSync(folder, { recursive: true });
  writeCatalogue(folder);
  const path = join(folder, "large.safetensors");
  const data = [join(folder, "clicks.csv"), "--items", join(folder, "films.csv")];
  execFileSync(foldin, ["train", ...data, "--map", "--dim", "64", "--epochs", "5", "--output", path]);
  return new Uint8Array(readFileSync(path));
}

async function openPage(throttle) {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } });
  await context.addInitScript(observe);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: throttle });
  await page.goto(server.url);
  await settled(page);
  return { context, page };
}

/** In the page: notes when the first shelf stands, how long interactions take, and what is called a long task. */
function observe() {
  globalThis.noted = { shelf: undefined, interactions: [], busy: [] };
  const shelf = new MutationObserver(() => {
    if (!document.querySelector('[data-testid="shelf-item"]')) return;
    shelf.disconnect();
    requestAnimationFrame(() => (noted.shelf = performance.now()));
  });
  shelf.observe(document, { childList: true, subtree: true });
  const note = (type, list, matters) =>
    new PerformanceObserver((entries) => {
      noted[list].push(...entries.getEntries().filter(matters).map(({ duration }) => duration));
    }).observe({ type, durationThreshold: 16 });
  note("event", "interactions", ({ interactionId }) => interactionId > 0);
  note("longtask", "busy", () => true);
}

/** Waits until the page has brought all its parts. */
async function settled(page) {
  await page.locator('[data-testid="requests"][data-count]').waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1000);
}

async function returningVisitor(throttle) {
  const { context, page } = await openPage(throttle);
  await page.getByTestId("shelf-item").first().getByTestId("like").click();
  await page.getByTestId("mine-item").waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForTimeout(500);
  const times = [];
  for (let run = 0; run < RUNS; run++) {
    await page.reload();
    await settled(page);
    times.push(await page.evaluate(() => noted.shelf));
  }
  await context.close();
  return times;
}

async function interactions(throttle) {
  const { context, page } = await openPage(throttle);
  const clear = () => page.evaluate(() => Object.assign(noted, { interactions: [], busy: [] }));
  const read = (list) => page.evaluate((list) => noted[list], list);
  await clear();
  for (let like = 0; like < LIKES; like++) {
    await page.getByTestId("shelf-item").nth(like % 3).getByTestId("like").click();
    await page.getByTestId("mine-item").nth(like).waitFor();
    await page.waitForTimeout(1500);
  }
  const likes = await read("interactions");
  const busy = await read("busy");
  await clear();
  for (const part of ["diversity", "popularity", "recency"]) {
    await page.getByTestId(part).focus();
    for (let press = 0; press < 4; press++) await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(800);
  }
  const sliders = await read("interactions");
  busy.push(...(await read("busy")));
  await context.close();
  return { likes, sliders, busy };
}

async function lighthouseScores() {
  const chrome = await launcher.launch({ chromePath: chromePath(), chromeFlags: ARGUMENTS });
  try {
    const categories = ["performance", "accessibility", "best-practices"];
    const { lhr } = await lighthouse(server.url, { port: chrome.port, onlyCategories: categories, logLevel: "error" });
    for (const audit of Object.values(lhr.audits)) {
      if (audit.score !== null && audit.score < 0.9) console.log(`${audit.id}: ${audit.displayValue ?? audit.title}`);
    }
    return categories.map((name) => ({ Lighthouse: name, score: Math.round(100 * lhr.categories[name].score) }));
  } finally {
    chrome.kill();
  }
}
