// The whole life of a recommender on MovieLens 100K: train, evaluate, optimise, check, deploy, browse, collect,
// monitor, deploy again under a visitor's feet, notice a bad model, roll back.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { chromePath, command, packageFolder, requireFromWww } from "../support/environment.mjs";
import { serve } from "../support/server.mjs";

const { chromium } = requireFromWww("playwright-core");
const RATINGS = process.env.FOLDIN_RATINGS ?? "target/data/ml-100k/ml-100k.inter";
const FILMS = resolve(process.env.FOLDIN_FILMS ?? "target/data/ml-100k/ml-100k.item");

const folder = mkdtempSync(join(tmpdir(), "foldin-life-"));
const users = new Map();
let browser;
let context;
let server;

before(async () => {
  writeFiles();
  browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox", "--disable-gpu"] });
  context = await browser.newContext();
});

after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of each user the last film is for the test, the two before it to choose by, the others to learn from. */
function writeFiles() {
  const lines = readFileSync(RATINGS, "utf8").trim().split("\n").slice(1);
  const rows = lines.map((line) => line.split("\t")).sort((a, b) => a[3] - b[3] || a[1] - b[1]);
  for (const [user, item] of rows) users.set(user, [...(users.get(user) ?? []), item]);
  const write = (name, from, to, rename = (item) => item) => {
    const rows = [...users].flatMap(([user, items]) => items.slice(from, to).map((item) => `${user},${rename(item)}`));
    writeFileSync(join(folder, name), `user,item\n${rows.join("\n")}\n`);
  };
  write("train.csv", 0, -3);
  write("valid.csv", -3, -1);
  write("test.csv", -1);
  // The same, after an accident with the ids.
  write("mixed.csv", 0, -3, (item) => String(((Number(item) * 997) % 1682) + 1));
}

/** Runs the command in the folder; its document, when it prints one. */
function foldin(line) {
  const output = execFileSync(command(), line.split(" "), { cwd: folder, encoding: "utf8" });
  return line.includes("--json") ? JSON.parse(output) : output;
}

/** The same where it may fail. */
const attempt = (line) => spawnSync(command(), line.split(" "), { cwd: folder, encoding: "utf8" });

/** Opens the site, loads what is current, and sends reports to `name`. */
async function open() {
  const page = await context.newPage();
  await page.goto(new URL("blank/", server.url).href);
  await page.evaluate(async () => {
    globalThis.site = await import("/load.js");
    const report = (report) => {
      globalThis.sent = fetch("/collect", { method: "POST", body: JSON.stringify(report), keepalive: true });
    };
    globalThis.shop = await site.load({ report });
  });
  return page;
}

/** A user of the data visits: likes three films, and takes from the shelf what they took in fact. */
async function visit(items) {
  const page = await open();
  const version = await page.evaluate(async (items) => {
    // A film that the model does not have is passed over.
    for (const item of items.slice(0, 3)) await shop.record({ item, event: "like" }).catch(() => {});
    for (const { item } of await shop.recommend({ count: 12 })) {
      if (items.includes(item)) await shop.record({ item, event: "view", value: 60 });
    }
    await shop.close();
    await sent;
    return shop.version;
  }, items);
  await page.close();
  return version;
}

/** `count` users visit, beginning with the `from`th. */
async function visits(from, count) {
  const versions = new Set();
  for (const items of [...users.values()].slice(from, from + count)) versions.add(await visit(items));
  return [...versions];
}

/** Reports go to this file. */
let events;

function collect(name) {
  events = join(folder, name);
  writeFileSync(events, "");
}

function answerCollector(response) {
  let body = "";
  response.req.on("data", (chunk) => (body += chunk));
  response.req.on("end", () => {
    appendFileSync(events, `${body}\n`);
    response.writeHead(204).end();
  });
}

const current = () => JSON.parse(readFileSync(join(folder, "site/foldin.json"), "utf8")).current.version;

test("train, evaluate, optimise and check", { timeout: 120_000 }, () => {
  foldin(`train train.csv --items ${FILMS} --precision f16 -o trained.safetensors`);
  const evaluate = "evaluate train.csv --test test.csv --k 10 --baselines popularity --json --model";
  const { metrics, baselines } = foldin(`${evaluate} trained.safetensors`);
  assert.ok(metrics["ndcg@10"].mean > 1.2 * baselines.popularity["ndcg@10"].mean);

  const on = "--given train.csv --test valid.csv";
  const report = foldin(`optimize trained.safetensors --max-loss 1% ${on} -o first.safetensors --json`);
  assert.ok(report.chosen.bytes < report.bytes_before / 2);
  const optimised = foldin(`${evaluate} first.safetensors`).metrics["ndcg@10"];
  assert.ok(optimised.mean > 0.85 * metrics["ndcg@10"].mean, "also on the films that nothing was chosen by");

  const gate = (0.8 * metrics["ndcg@10"].mean).toFixed(4);
  const gates = `--against trained.safetensors --max-lost 1 --min-ndcg ${gate}`;
  foldin(`check first.safetensors ${gates} --given train.csv --test test.csv`);
});

test("deploy and browse; a week's reports are summarised, and all is well", { timeout: 120_000 }, async () => {
  foldin(`bundle first.safetensors -o site --package ${packageFolder()}`);
  const files = { "/blank/": "<!doctype html><title>blank</title>", "/favicon.ico": "-", "/collect": answerCollector };
  server = await serve({ folders: { "/": join(folder, "site") }, files });
  collect("first.ndjson");
  assert.deepEqual(await visits(0, 25), [current()]);
  const summary = foldin("monitor first.ndjson --baseline first.safetensors --bundle site --max-psi 9 --max-ks 1 --json");
  assert.equal(summary.pages, 25);
  assert.equal(summary.latency.load.calls, 25);
  assert.equal(summary.failures.load.failed, 0);
  assert.equal(summary.positions.length, 12);
  assert.ok(summary.click_through.rate > 0.1, "films that they took in fact are on the shelf");
  assert.deepEqual([summary.stale.current, summary.stale.stale], [current(), 0]);
});

test("a visitor who is there during a deployment keeps working; the next one gets the new model", { timeout: 120_000 }, async () => {
  foldin(`train train.csv --items ${FILMS} --seed 2 -o second.safetensors`);
  const first = current();
  const page = await open();
  const ask = () => page.evaluate(async () => (await shop.recommend({ count: 5 })).map(({ item }) => item));
  await page.evaluate(() => shop.record({ item: "50", event: "like" }));
  const before = await ask();

  foldin(`bundle second.safetensors -o site --package ${packageFolder()}`);
  assert.notEqual(current(), first);
  assert.deepEqual(await ask(), before, "the session goes on");
  await page.evaluate(() => shop.record({ item: "181", event: "like" }));
  assert.equal(await page.evaluate(() => shop.version), first);
  // A page that was delivered before the swap and loads only now: its files are still there.
  const old = await page.evaluate(async (version) => {
    const { previous } = await (await fetch("/foldin.json")).json();
    const { Recommender } = await import(`/${previous[0].package.entry}`);
    return (await Recommender.load(`/${previous[0].model.file}`)).version === version;
  }, first);
  assert.ok(old);

  const next = await open();
  assert.equal(await next.evaluate(() => shop.version), current());
  assert.equal(await page.evaluate(() => site.refresh(shop)), true);
  assert.equal(await page.evaluate(() => shop.version), current());
  assert.equal(await page.evaluate(async () => (await shop.events()).length), 2, "events go along");
  assert.equal(await page.evaluate(() => site.refresh(shop)), false);
  await Promise.all([page.close(), next.close()]);
});

test("a model with mixed-up ids: the check would have stopped it, the monitor notices, a command rolls it back", { timeout: 120_000 }, async () => {
  const good = current();
  foldin("train mixed.csv -o mixed.safetensors");
  const stopped = attempt("check mixed.safetensors --against second.safetensors");
  assert.equal(stopped.status, 1);
  assert.match(stopped.stderr, /rank stability/);

  foldin(`bundle mixed.safetensors -o site --package ${packageFolder()}`);
  collect("mixed.ndjson");
  assert.deepEqual(await visits(25, 25), [current()]);
  writeFileSync(join(folder, "both.ndjson"), ["first", "mixed"].map((name) => readFileSync(join(folder, `${name}.ndjson`))).join(""));
  const monitor = "both.ndjson --baseline first.safetensors --bundle site --html report.html --json";
  const noticed = attempt(`monitor ${monitor}`);
  assert.equal(noticed.status, 3, noticed.stderr);
  const { alerts } = JSON.parse(noticed.stdout);
  const drifted = attempt("monitor mixed.ndjson --baseline first.safetensors --reference first.ndjson --json");
  assert.equal(drifted.status, 3, drifted.stderr);
  assert.ok(alerts.some(({ figure, advice }) => figure.startsWith("click-through of") && advice.includes("--rollback")));
  assert.ok(JSON.parse(drifted.stdout).alerts.some(({ figure }) => /^(PSI|KS) of/.test(figure)));

  foldin("bundle --rollback -o site");
  assert.equal(current(), good);
  collect("after.ndjson");
  assert.deepEqual(await visits(0, 5), [good]);
});
