// Measures the demo page in a real browser, with its processor throttled as on a phone and not: how soon a returning
// visitor has a shelf, how soon the page answers likes and sliders, how smoothly the map zooms, how long the page is
// ever busy, also with a million items and on a walk through all of its parts; and Lighthouse.
// usage: node run.mjs FOLDIN FOLDER [--only 4 | 1 | lighthouse]; `cargo xtask bench page` prepares all that it needs.
// What it makes up goes to FOLDER.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";
import { chromePath, modelBytes, pageFolder, requireFromWww } from "../../tests/support/environment.mjs";
import { serve } from "../../tests/support/server.mjs";
import { writeCatalogue, writeList } from "./catalogue.mjs";
import { LONG, tasksOf } from "./tasks.mjs";
import { click, STEPS } from "./walk.mjs";

const { chromium } = requireFromWww("playwright-core");
const { positionals, values: options } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
const [foldin, folder] = positionals;
const part = options.only;
if (positionals.length !== 2 || !["4", "1", "lighthouse", undefined].includes(part)) {
  throw new Error("usage: node run.mjs FOLDIN FOLDER [--only 4 | 1 | lighthouse]");
}

const ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run"];
const THROTTLES = [4, 1].filter((throttle) => !part || part === String(throttle));
const RUNS = 5;
const LIKES = 8;

const median = (values) => Math.round(values.toSorted((a, b) => a - b)[values.length >> 1]);
const worst = (values) => Math.round(Math.max(0, ...values));
const long = (tasks) => tasks.filter(({ wall }) => wall >= LONG).length;

const films = modelBytes();
const [shop, vastShop] = THROTTLES.length ? [10_000, 100_000].map(madeUpShop) : [];
const server = await serve({ folders: { "/": pageFolder() } });
const browser = await chromium.launch({ executablePath: chromePath(), args: ARGUMENTS });
try {
  const rows = [];
  for (const throttle of THROTTLES) {
    serveModel(films);
    const returning = await returningVisitor(throttle);
    const visit = await visited(throttle);
    serveModel(shop.model);
    const { likes, sliders, tasks } = await interactions(throttle);
    serveModel(vastShop.model);
    const { frames, followed } = await vastCatalogue(throttle);
    serveModel(films);
    const million = await millionItems(throttle);
    rows.push({
      "first shelf of a returning visitor": median(returning),
      "like to next paint, 10,000 items": worst(likes),
      "slider to next paint, 10,000 items": worst(sliders),
      "longest task after load, 10,000 items": worst(tasks.map(({ wall }) => wall)),
      "the processor's time of the longest": worst(tasks.map(({ processor }) => processor)),
      "tasks of 50 ms and more": long(tasks),
      "of all tasks": tasks.length,
      "slider to its new shelf, 100,000 items": median(followed),
      "frame while the map of 100,000 zooms": median(frames),
      "the longest of them": worst(frames),
      "like to next paint, 1,000,000 items": worst(million.likes),
      "longest task after load, 1,000,000 items": worst(million.tasks.map(({ wall }) => wall)),
      "the processor's time of that": worst(million.tasks.map(({ processor }) => processor)),
      "tasks of 50 ms and more with 1,000,000": long(million.tasks),
      ...visit,
    });
  }
  const named = THROTTLES.map((throttle, i) => [`throttled ${throttle} x`, rows[i]]);
  if (rows.length) {
    console.log("milliseconds");
    console.table(transposed(Object.fromEntries(named)));
  }
} finally {
  await browser.close();
}
serveModel(films);
if (!part || part === "lighthouse") console.table(await lighthouseScores());
await server.close();

function serveModel(bytes) {
  server.files["/movies.safetensors"] = (response) => {
    response.setHeader("etag", `"${bytes.length}"`);
    response.setHeader("content-length", bytes.length);
    response.end(bytes);
  };
}

/** A made-up shop's clicks and the model of them. */
function madeUpShop(items) {
  const place = join(folder, String(items));
  mkdirSync(place, { recursive: true });
  writeCatalogue(place, items);
  const [clicks, films, model] = ["clicks.csv", "films.csv", "model.safetensors"].map((name) => join(place, name));
  execFileSync(foldin, ["train", "--algorithm", "ials", clicks, "--items", films, "--map", "--dim", "64", "--epochs", "5", "--output", model]);
  return { clicks, model: new Uint8Array(readFileSync(model)) };
}

/** A table with its rows as columns. */
function transposed(table) {
  const names = Object.keys(Object.values(table)[0]);
  const row = (name) => Object.fromEntries(Object.entries(table).map(([column, values]) => [column, values[name]]));
  return Object.fromEntries(names.map((name) => [name, row(name)]));
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

/** In the page: notes when the first shelf stands, how long interactions take and which tasks are long. */
function observe() {
  globalThis.noted = { shelf: undefined, interactions: [], longTasks: [] };
  const shelf = new MutationObserver(() => {
    if (!document.querySelector('[data-testid="shelf-item"]')) return;
    shelf.disconnect();
    requestAnimationFrame(() => (noted.shelf = performance.now()));
  });
  shelf.observe(document, { childList: true, subtree: true });
  new PerformanceObserver((entries) => {
    const real = entries.getEntries().filter(({ interactionId }) => interactionId > 0);
    noted.interactions.push(...real.map(({ duration }) => duration));
  }).observe({ type: "event", durationThreshold: 16 });
  new PerformanceObserver((entries) => {
    noted.longTasks.push(...entries.getEntries().map(({ duration }) => Math.round(duration)));
  }).observe({ type: "longtask" });
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

/** What `act` makes the page do: all tasks, and how long interactions took to their next paint. */
async function watched(page, act) {
  await page.evaluate(() => void (noted.interactions = []));
  const tasks = await tasksOf(browser, act);
  return { tasks, interactions: await page.evaluate(() => noted.interactions) };
}

/** Likes the first films of the shelf, one after the other. */
async function like(page, count) {
  for (let like = 0; like < count; like++) {
    await click(page, page.getByTestId("shelf-item").nth(like % 3).getByTestId("like"));
    await page.getByTestId("mine-item").nth(like).waitFor();
    await page.waitForTimeout(1500);
  }
}

async function slide(page) {
  for (const part of ["diversity", "popularity", "recency"]) {
    await page.getByTestId(part).focus();
    for (let press = 0; press < 4; press++) await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(800);
  }
}

async function interactions(throttle) {
  const { context, page } = await openPage(throttle);
  const likes = await watched(page, () => like(page, LIKES));
  const sliders = await watched(page, () => slide(page));
  await context.close();
  const tasks = [...likes.tasks, ...sliders.tasks];
  return { likes: likes.interactions, sliders: sliders.interactions, tasks };
}

/** How long frames take while the map zooms in and out, and how long after a slider's move the shelf is another. */
async function vastCatalogue(throttle) {
  const { context, page } = await openPage(throttle);
  await like(page, 1);
  await page.getByTestId("map").scrollIntoViewIfNeeded();
  const found = await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const map = document.querySelector('[data-testid="map"]');
    const { x, y, width, height } = map.getBoundingClientRect();
    const middle = { clientX: x + width / 2, clientY: y + height / 2 };
    const frames = [];
    let last = await frame();
    for (let step = 0; step < 80; step++) {
      const deltaY = step < 40 ? -12 : 12;
      map.dispatchEvent(new WheelEvent("wheel", { ...middle, deltaY, ctrlKey: true, cancelable: true }));
      const now = await frame();
      frames.push(now - last);
      last = now;
    }

    const shelf = document.querySelector('[data-testid="shelf"]');
    const slider = document.querySelector('[data-testid="popularity"]');
    const followed = [];
    for (let value = -0.9; value < 1; value += 0.2) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await frame();
      const start = performance.now();
      const changed = new Promise((resolve) => {
        new MutationObserver((_, observer) => resolve(observer.disconnect())).observe(shelf, { childList: true });
        setTimeout(resolve, 1000);
      });
      slider.value = value;
      slider.dispatchEvent(new Event("input"));
      await changed;
      await frame();
      followed.push(performance.now() - start);
    }
    return { frames, followed };
  });
  await context.close();
  return found;
}

/** Likes where the page's own button has put a million items. */
async function millionItems(throttle) {
  const { context, page } = await openPage(throttle);
  await page.getByTestId("hood").click();
  await page.getByTestId("huge").click();
  await page.getByTestId("back").waitFor({ timeout: 120_000 });
  await page.waitForTimeout(3000);
  const { interactions: likes, tasks } = await watched(page, () => like(page, 3));
  await context.close();
  return { likes, tasks };
}

/** Takes a visitor through all parts of the page, each step by way of `watch`. */
async function visitAll(throttle, watch) {
  const files = { list: join(folder, "list.csv"), clicks: shop.clicks };
  writeList(files.list);
  const { context, page } = await openPage(throttle);
  await like(page, 3);
  for (const [name, step] of Object.entries(STEPS)) await watch(name, () => step(page, files), page);
  await context.close();
}

/**
 * The longest task in each step of such a visit, and how many there were of 50 ms and more; and how many the browser
 * itself tells of (Long Tasks API) on a visit of which no trace is recorded: recording lengthens them.
 */
async function visited(throttle) {
  let told = 0;
  await visitAll(throttle, async (name, act, page) => {
    await page.evaluate(() => void (noted.longTasks = []));
    await act();
    const durations = await page.evaluate(() => noted.longTasks);
    for (const duration of durations) console.log(`${name}, no trace: a task of ${duration} ms`);
    told += durations.length;
  });
  const longest = {};
  let count = 0;
  await visitAll(throttle, async (name, act) => {
    const tasks = await tasksOf(browser, act);
    longest[`longest task: ${name}`] = worst(tasks.map(({ wall }) => wall));
    count += long(tasks);
  });
  return { ...longest, "tasks of 50 ms and more in these": count, "on such a visit that is not traced": told };
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
