// Trains in a page, in the worker of the package, what `bench-visitor` trains natively: MovieLens 100K, iALS, SGD and
// `next`, dim 32, 10 epochs. Times are from a list of interactions with ids to the packed model, both here and there. Here they
// have the start of a worker in them, which training on four interactions tells. Who started this script trains natively
// when it reads the name of an algorithm, and writes how long that took.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromePath, packageFolder, requireFromWww } from "../../tests/support/environment.mjs";
import { serve } from "../../tests/support/server.mjs";

const { chromium } = requireFromWww("playwright-core");
const [ratings] = process.argv.slice(2);
/** Rounds of each: `next` takes seconds, not milliseconds. */
const ROUNDS = { ials: 19, sgd: 19, next: 7 };
/** The first rounds are from before the browser compiled the module for speed. */
const WARM_UP = 4;

const answers = createInterface({ input: process.stdin });
const natively = async (algorithm) => {
  console.log(algorithm);
  const [answer] = await once(answers, "line");
  return Number(answer);
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const round = (ms) => Number(ms.toFixed(1));
const server = await serve({
  folders: { "/package/": packageFolder() },
  files: { "/": "<!doctype html><title>bench</title>", "/ratings.tsv": readFileSync(ratings) },
});
const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  const rows = {};
  for (const [algorithm, rounds] of Object.entries(ROUNDS)) {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(server.url);
    const times = [];
    for (let round = 0; round < rounds; round++) {
      times.push({ native: await natively(algorithm), ...(await page.evaluate(train, algorithm)) });
    }
    await page.close();
    const usual = (value) => median(times.slice(WARM_UP).map(value));
    rows[algorithm] = {
      "natively, one thread": round(usual(({ native }) => native)),
      "in the page": round(usual(({ all, start }) => all - start)),
      ratio: Number(usual(({ all, start, native }) => (all - start) / native).toFixed(2)),
      "starting a worker": round(usual(({ start }) => start)),
      both: round(usual(({ all }) => all)),
      "both, the first time": round(times[0].all),
    };
  }
  console.table(rows);
} finally {
  answers.close();
  await browser.close();
  await server.close();
}

/** Runs in the page: trains, and tells how many milliseconds it took, and how many of them to have a worker. */
async function train(algorithm) {
  const { Recommender } = await import("/package/dist/index.js");
  globalThis.interactions ??= (await (await fetch("/ratings.tsv")).text())
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"))
    .map(([user, item, value]) => ({ user, item, value: Number(value) }));
  const few = ["00", "01", "10", "12"].map(([user, item], at) => ({ user, item, value: 1 + at }));
  const time = async (data, epochs) => {
    const start = performance.now();
    const shop = await Recommender.train(data, { algorithm, dim: 32, epochs });
    const taken = performance.now() - start;
    await shop.close();
    return taken;
  };
  return { all: await time(globalThis.interactions, 10), start: await time(few, 1) };
}
