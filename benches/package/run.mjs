// Measures the npm package with a million items in a real browser: what its own thread feels of the worker, and what
// working ahead and the cache save. usage: node run.mjs MODEL; `cargo xtask bench package` prepares all that it needs.

import { createReadStream, statSync } from "node:fs";
import { chromePath, packageFolder, requireFromWww } from "../../tests/support/environment.mjs";
import { serve } from "../../tests/support/server.mjs";
import { longestTasks } from "./thread.mjs";

const { chromium } = requireFromWww("playwright-core");
const [model] = process.argv.slice(2);

const server = await serve({
  folders: { "/package/": packageFolder() },
  files: {
    "/": "<!doctype html><title>bench</title>",
    "/busy.js": "onmessage = ({ data }) => { while (performance.now() < data); postMessage(0); };",
    "/model.safetensors": (response) => {
      response.setHeader("etag", '"1"');
      response.setHeader("content-length", statSync(model).size);
      createReadStream(model).pipe(response);
    },
  },
});
const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.url);
  let found;
  const tasks = await longestTasks(browser, async () => (found = await page.evaluate(measure)));
  const { late, times } = found;
  console.log("the page's own thread, ms (8 is half a frame): the longest of its tasks, and how late its timers fire");
  console.table(Object.fromEntries(Object.keys(late).map((name) => [name, { ...tasks[name], ...late[name] }])));
  console.log("time until the answer, ms, medians of interleaved rounds");
  console.table(times);
} finally {
  await browser.close();
  await server.close();
}

/** Runs in the page. */
async function measure() {
  const ROUNDS = 15;
  const { Recommender } = await import("/package/dist/index.js");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const median = (values) => Number(values.sort((a, b) => a - b)[values.length >> 1].toFixed(2));
  const time = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  const late = {};
  /** Notes how late a timer fires while `work` goes on, and the tasks that the browser calls long. */
  const watch = async (name, work) => {
    const TICK = 4;
    const ticks = [];
    let last = performance.now();
    let timer = setTimeout(function tick() {
      const now = performance.now();
      ticks.push(Math.max(0, now - last - TICK));
      last = now;
      timer = setTimeout(tick, TICK);
    }, TICK);
    const long = [];
    const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
    observer.observe({ type: "longtask" });
    performance.mark(`${name} begins`);
    await work();
    performance.mark(`${name} ends`);
    observer.disconnect();
    clearTimeout(timer);
    const latest = ticks.reduce((most, one) => Math.max(most, one), 0);
    late[name] = {
      "long tasks": long.length,
      "latest timer": Number(latest.toFixed(2)),
      "over 8 ms": ticks.filter((ms) => ms > 8).length,
      timers: ticks.length,
    };
  };

  const load = () => Recommender.load("/model.safetensors", { worker: true });
  await watch("nothing", () => pause(3000));
  // What no library can help: another thread is busy.
  await watch("a worker that only computes", async () => {
    const worker = new Worker("/busy.js");
    worker.postMessage(performance.now() + 3000);
    await new Promise((resolve) => worker.addEventListener("message", resolve));
    worker.terminate();
  });
  let shop;
  const first = await time(() => watch("load", async () => (shop = await load())));
  const cached = async () => (await caches.open("foldin")).match("/model.safetensors");
  while (!(await cached())) await pause(100);
  const second = await time(async () => (await load()).close());
  await watch("20 likes and shelves", async () => {
    for (let item = 0; item < 20; item++) {
      await shop.record({ item: String(item), event: "like" });
      await shop.recommend({ count: 24, explain: true });
    }
  });
  await watch("fine-tune", () => shop.fineTune({ epochs: 20, onProgress: () => {} }));
  await shop.resetTuning();

  const samples = { "next page": [], "next page, idle before": [], similar: [], "similar, warmed": [] };
  for (let round = 0; round < ROUNDS; round++) {
    await shop.record({ item: String(100 + round), event: "like" });
    await shop.recommend({ count: 24 });
    samples["next page"].push(await time(() => shop.recommend({ count: 24, offset: 24 })));
    await pause(300);
    samples["next page, idle before"].push(await time(() => shop.recommend({ count: 24, offset: 48 })));
    samples.similar.push(await time(() => shop.similar(String(1000 + round))));
    await shop.warm([String(2000 + round)]);
    samples["similar, warmed"].push(await time(() => shop.similar(String(2000 + round))));
  }
  const times = Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, median(values)]));
  return { late, times: { "load, first": Math.round(first), "load, from the cache": Math.round(second), ...times } };
}
