// Spark trains, the browser recommends: one script, and what comes out ranks as Spark itself does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromePath, command, packageFolder, requireFromWww } from "../support/environment.mjs";
import { serve } from "../support/server.mjs";

const { chromium } = requireFromWww("playwright-core");
const SCRIPT = fileURLToPath(new URL("../../examples/spark/train.py", import.meta.url));
const RATINGS = process.env.FOLDIN_RATINGS ?? "target/data/ml-100k/ml-100k.inter";
const FILMS = process.env.FOLDIN_FILMS ?? "target/data/ml-100k/ml-100k.item";

const folder = mkdtempSync(join(tmpdir(), "foldin-spark-"));
const site = join(folder, "site");
let browser;
let server;
let spark;

before(async () => {
  const tools = ["--foldin", command(), "--package", packageFolder(), "--items", FILMS];
  const output = execFileSync(process.env.SPARK_PYTHON ?? "python3", [SCRIPT, RATINGS, site, ...tools], {
    encoding: "utf8",
    // As a cluster's own settings would come; small data needs few partitions.
    env: { ...process.env, PYSPARK_SUBMIT_ARGS: "--conf spark.sql.shuffle.partitions=4 pyspark-shell" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  spark = JSON.parse(output.trim().split("\n").at(-1));
  browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu"] });
  server = await serve({ folders: { "/": site }, files: { "/favicon.ico": Buffer.from("x") } });
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** NDCG@10 of lists by user, with one hidden item each. */
function ndcg(lists, hidden) {
  const gains = hidden.map(([user, item]) => {
    const place = (lists.get(user) ?? []).indexOf(item);
    return place < 0 ? 0 : 1 / Math.log2(place + 2);
  });
  return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
}

const rows = (name) =>
  readFileSync(join(site, name), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));

test("with Spark's own vectors the browser ranks as Spark does", { timeout: 300_000 }, async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  const lists = await page.evaluate(async () => {
    const { load } = await import("/load.js");
    const shop = await load();
    const users = await (await fetch("users.json")).json();
    const lists = [];
    for (const { user, vector, seen } of users) {
      const exclude = seen.map(String);
      const shelf = await shop.recommend({ vector: new Float32Array(vector), exclude, count: 10 });
      lists.push([String(user), shelf.map(({ item }) => item)]);
    }
    return lists;
  });
  await page.close();
  const found = ndcg(new Map(lists), rows("test.csv"));
  assert.ok(spark["ndcg@10"] > 0.03, "Spark learned something");
  assert.ok(Math.abs(found - spark["ndcg@10"]) < 1e-4, `${found} in the browser, ${spark["ndcg@10"]} by Spark`);
});

test("visitors who are folded in from their history are served as well", { timeout: 300_000 }, () => {
  const files = ["train.csv", "--test", "test.csv", "--model", "als.safetensors"];
  const options = ["--k", "10", "--baselines", "none", "--json"];
  const output = execFileSync(command(), ["evaluate", ...files, ...options], { cwd: site, encoding: "utf8" });
  const found = JSON.parse(output).metrics["ndcg@10"].mean;
  console.log(`NDCG@10: Spark ${spark["ndcg@10"].toFixed(4)}, folded in ${found.toFixed(4)}`);
  assert.ok(found > 0.95 * spark["ndcg@10"], `${found} folded in, ${spark["ndcg@10"]} by Spark`);
});

test("the example's page answers a like", { timeout: 60_000 }, async () => {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto(server.url);
  const items = () => page.locator("#shelf button").evaluateAll((all) => all.map(({ dataset }) => dataset.item));
  await page.locator("#shelf button").nth(9).waitFor();
  const before = await items();
  await page.locator("#shelf button").first().click();
  await page.locator("#liked", { hasNotText: "nothing yet" }).waitFor();
  await page.waitForFunction((first) => document.querySelector("#shelf button").dataset.item !== first, before[0]);
  assert.notDeepEqual(await items(), before);
  assert.deepEqual(said, []);
});
