// Where a browser lacks, refuses or breaks something: foldin starts, stays up, and says what is wrong.

import assert from "node:assert/strict";
import { gzipSync, strToU8, zipSync } from "../../www/node_modules/fflate/esm/index.mjs";
import { modelBytes } from "../support/environment.mjs";
import { judge, openBlank, ready, replaceModel, story } from "./story.mjs";

const good = modelBytes();

/** Milliseconds that no file may hold a page up at a stretch. */
const LONGEST = 50;

/** Loads the model on the page as `shop`. */
const load = (page, options = {}) =>
  page.evaluate(async (options) => {
    globalThis.foldin = await import("/package/dist/index.js");
    globalThis.shop = await foldin.Recommender.load("/movies.safetensors", options);
  }, options);

/** What a call comes to: its error's code, or nothing. */
const codeOf = (page, method, ...args) =>
  page.evaluate(
    ([method, args]) => globalThis.shop[method](...args).then(() => "done", (error) => error.code ?? String(error)),
    [method, args],
  );

for (const worker of [false, true]) {
  story(`a sandboxed frame recommends${worker ? ", though a worker was asked for" : ""}`, {}, async ({ page }) => {
    await openBlank(page);
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      frame.src = "/blank/";
      document.body.append(frame);
      return new Promise((resolve) => (frame.onload = resolve));
    });
    const [frame] = page.mainFrame().childFrames();
    const result = await frame.evaluate(async (worker) => {
      const { Recommender } = await import("/package/dist/index.js");
      const shop = await Recommender.load("/movies.safetensors", { worker, profile: "boxed" });
      const missing = [];
      shop.on("missing", ({ what, error }) => missing.push(`${what} ${error.code}`));
      while (missing.length < (worker ? 2 : 1)) await new Promise((resolve) => setTimeout(resolve, 20));
      await shop.record({ item: "50", event: "like" });
      const erased = await shop.erase().then(() => "done", ({ code }) => code);
      const { persistent, error } = shop.storage;
      return { found: (await shop.recommend()).length, missing: missing.sort(), persistent, code: error?.code, erased };
    }, worker);
    const missing = ["cache unsupported", ...(worker ? ["worker unsupported"] : [])];
    assert.deepEqual(result, { found: 10, missing, persistent: false, code: "storage", erased: "storage" });
  });
}

for (const name of ["caches", "indexedDB", "BroadcastChannel", "Worker"]) {
  story(`a browser whose ${name} throws when it is touched`, {}, async ({ page, context }) => {
    await context.addInitScript((name) => {
      const get = () => {
        throw new DOMException("refused", "SecurityError");
      };
      Object.defineProperty(globalThis, name, { get });
    }, name);
    await openBlank(page);
    await load(page, { worker: name === "Worker", profile: "test" });
    assert.equal(await codeOf(page, "record", { item: "50", event: "like" }), "done");
    const what = { caches: "cache", BroadcastChannel: "tabs", Worker: "worker" }[name];
    const told = await page.evaluate(async (what) => {
      const told = [];
      shop.on("missing", (notice) => told.push(notice.what));
      while (what && told.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await shop.recommend();
      return told;
    }, what);
    assert.deepEqual(told, what ? [what] : []);
    assert.equal(await page.evaluate(() => shop.storage.persistent), name !== "indexedDB");
  });
}

story("a cache and a database that never answer hang no load", {}, async ({ page, context }) => {
  await context.addInitScript(() => {
    CacheStorage.prototype.open = () => new Promise(() => {});
    IDBFactory.prototype.open = () => new EventTarget();
  });
  await openBlank(page);
  const result = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const start = performance.now();
    const shop = await Recommender.load("/movies.safetensors", { profile: "test" });
    const seconds = (performance.now() - start) / 1000;
    const missing = await new Promise((resolve) => shop.on("missing", ({ what }) => resolve(what)));
    const closing = performance.now();
    const { persistent } = shop.storage;
    await shop.close();
    return { seconds, missing, persistent, closed: (performance.now() - closing) / 1000 };
  });
  assert.ok(result.seconds < 6, String(result.seconds));
  assert.ok(result.closed < 1, String(result.closed));
  assert.deepEqual([result.missing, result.persistent], ["cache", false]);
});

for (const worker of [false, true]) {
  story(
    `what a page asks for offline comes when it is online again, ${worker ? "in a worker" : "on the page"}`,
    {},
    async ({ page, context }) => {
      await openBlank(page);
      await load(page, { worker });
      const event = { item: "50", event: "like", time: 1 };
      const profile = JSON.stringify({ format: "foldin-profile", version: 1, events: [event] });
      const asked = [
        ["search", "star"],
        ["importHistory", "title\nStar Wars (1977)\n"],
        ["importProfile", profile],
        ["onboarding", { count: 1 }],
        ["removeItem", "1"],
        ["exportProfile"],
      ];
      await context.setOffline(true);
      for (const call of asked) assert.equal(await codeOf(page, ...call), "network", call[0]);
      assert.equal(await codeOf(page, "item", "nope"), "unknown-item", "errors have their words");
      await context.setOffline(false);
      for (const call of asked) assert.equal(await codeOf(page, ...call), "done", call[0]);
    },
    /ERR_INTERNET_DISCONNECTED/,
  );
}

/** Has the page's workers never come to an end of what they do when they are told so. */
const hang = (context) =>
  context.route("**/worker.js", async (route) => {
    const response = await route.fetch();
    const body = `addEventListener("message", ({ data }) => { if (data.method === "has") for (;;); });${await response.text()}`;
    await route.fulfill({ response, body });
  });

story("close settles within a second whatever the worker does", {}, async ({ page, context }) => {
  await hang(context);
  await openBlank(page);
  await load(page, { worker: true });
  const result = await page.evaluate(async () => {
    const waiting = shop.has("50").catch(({ code }) => code);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    await shop.close();
    const seconds = (performance.now() - start) / 1000;
    return { seconds, waiting: await waiting, later: await shop.recommend().catch(({ code }) => code) };
  });
  assert.ok(result.seconds < 1, String(result.seconds));
  assert.deepEqual([result.waiting, result.later], ["crashed", "closed"]);
});

story("calls to a worker that is silent are rejected, and another load works", {}, async ({ page, context }) => {
  await hang(context);
  await openBlank(page);
  await load(page, { worker: true, profile: "silent" });
  assert.equal(await codeOf(page, "record", { item: "50", event: "like", time: 1 }), "done");
  assert.deepEqual(
    await page.evaluate(() => Promise.all([shop.has("50"), shop.recommend()].map((call) => call.catch(({ code }) => code)))),
    ["crashed", "crashed"],
  );
  assert.equal(await codeOf(page, "recommend"), "crashed");
  await page.evaluate(() => shop.close());
  assert.equal(await codeOf(page, "recommend"), "closed");
  await load(page, { worker: true, profile: "silent" });
  assert.equal((await page.evaluate(() => shop.events())).length, 1);
});

story("a worker that dies rejects what is asked of it", {}, async ({ page, context }) => {
  await context.route("**/worker.js", async (route) => {
    const response = await route.fetch();
    const body = `addEventListener("message", ({ data }) => { if (data.method === "has") self.close(); });${await response.text()}`;
    await route.fulfill({ response, body });
  });
  await openBlank(page);
  await load(page, { worker: true });
  // The one during which it dies may still be answered.
  await codeOf(page, "has", "50");
  assert.equal(await codeOf(page, "has", "50"), "crashed");
});

/**
 * The longest that a call held the page's thread up, in milliseconds of its own work: what other processes take of a busy
 * machine is not among it. And the call's error, if it has one.
 */
async function longest(page, method, text) {
  await page.evaluate((text) => (globalThis.text = text), text);
  return measured(page, method);
}

/** The same with `globalThis.text`. */
async function measured(page, method) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel"] });
  const code = await page.evaluate(
    (method) => globalThis.shop[method](globalThis.text).then(() => "done", (error) => error.code ?? String(error)),
    method,
  );
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const mains = new Set(threads.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ pid, tid, tdur }) => tdur && mains.has(`${pid} ${tid}`));
  assert.ok(tasks.length > 0, "nothing was measured");
  return { milliseconds: Math.max(...tasks.map(({ tdur }) => tdur)) / 1000, code };
}

const titles = (count) => Array.from({ length: count }, (_, at) => `Film number ${at} (${1900 + (at % 100)})`);
const events = (count) => Array.from({ length: count }, (_, at) => ({ item: `unknown-${at}`, event: "like", time: at }));
const FILES = {
  "5 MB of quotes": ["importHistory", '"'.repeat(5_000_000), "format"],
  "5 MB of newlines": ["importHistory", "\n".repeat(5_000_000), "format"],
  "5 MB of commas": ["importHistory", `title,year\n${",".repeat(5_000_000)}`, "format"],
  "a table of 100,000 titles": ["importHistory", `title,rating\n${titles(100_000).join(",3\n")},3`, "done"],
  "100,000 titles": ["importHistory", titles(100_000).join("\n"), "done"],
  "a profile of 60,000 unknown items": [
    "importProfile",
    JSON.stringify({ format: "foldin-profile", version: 1, events: events(60_000) }),
    "done",
  ],
  "a profile of 20 MB": ["importProfile", `{"format":"foldin-profile","events":[${"0,".repeat(10_000_000)}0]}`, "format"],
};

for (const [name, [method, text, code]] of Object.entries(FILES)) {
  story(`${name} hold no page up`, {}, async ({ page }) => {
    await openBlank(page);
    await load(page, { profile: "large" });
    // The first time a page runs code it compiles it.
    await longest(page, method, text.slice(0, 2000));
    const found = await longest(page, method, text);
    assert.equal(found.code, code);
    if (process.env.FOLDIN_PRINT) console.log(name, found);
    assert.ok(found.milliseconds <= LONGEST, `${found.milliseconds} ms`);
  });
}

const newlines = new Uint8Array(30_000_000).fill(10);
const PACKED = {
  gzip: gzipSync(newlines),
  "a zip archive": zipSync({ "watched.csv": newlines, "profile.csv": strToU8("a") }),
};
for (const [name, bytes] of Object.entries(PACKED)) {
  story(`30 MB in ${name} hold no page up`, {}, async ({ page }) => {
    await openBlank(page);
    await load(page, { profile: "packed" });
    const give = (bytes) => page.evaluate((bytes) => (globalThis.text = new Blob([new Uint8Array(bytes)])), [...bytes]);
    await give(name === "gzip" ? gzipSync(strToU8("a")) : zipSync({ "watched.csv": strToU8("a") }));
    await measured(page, "importHistory");
    await give(bytes);
    const found = await measured(page, "importHistory");
    assert.equal(found.code, "format");
    if (process.env.FOLDIN_PRINT) console.log(name, found);
    assert.ok(found.milliseconds <= LONGEST, `${found.milliseconds} ms`);
  });
}

story("packed lists are read, and those that end too soon or unfold too far are refused", {}, async ({ page }) => {
  await openBlank(page);
  await load(page);
  const list = strToU8("title,year,rating\nToy Story,1995,5\nStar Wars,1977,4\n");
  const bomb = new Uint8Array(60_000_000);
  const give = (bytes) =>
    page.evaluate(
      (bytes) =>
        globalThis.shop.importHistory(new Blob([new Uint8Array(bytes)])).then(
          ({ matched }) => matched,
          ({ message }) => message,
        ),
      [...bytes],
    );
  for (const packed of [gzipSync(list), zipSync({ "ratings.csv": list }), zipSync({ "ratings.csv": [list, { level: 0 }] })]) {
    assert.equal(await give(packed), 2);
    assert.match(await give(packed.subarray(0, packed.length - 40)), /damaged/);
  }
  const two = zipSync({ "deleted/ratings.csv": strToU8("x"), "watched.csv": strToU8("title,year\nSeven,1995\n"), "ratings.csv": list });
  assert.equal(await give(two), 3);
  assert.match(await give(gzipSync(bomb)), /gzip archive of more than 50000000 bytes/);
  assert.match(await give(zipSync({ "ratings.csv": bomb })), /zip archive of more than 50000000 bytes/);
  assert.match(await give(zipSync({ "notes.md": list })), /a zip archive with notes.md/);
});

story("a profile from elsewhere is checked as what a page records", {}, async ({ page }) => {
  await openBlank(page);
  await load(page);
  const file = (event) => JSON.stringify({ format: "foldin-profile", version: 1, events: [event] });
  const refused = [
    { item: "50", event: "rate", value: 17, scale: [1, 5], time: 1 },
    { item: "50", event: "rate", time: 1 },
    { item: "50", event: "view", value: -1, time: 1 },
    { item: "50", event: "rate", value: 3, scale: [5, 1], time: 1 },
    { item: "50", event: "like", time: -1e308 },
  ];
  for (const event of refused) assert.equal(await codeOf(page, "importProfile", file(event)), "format", JSON.stringify(event).slice(0, 80));
  assert.deepEqual(await page.evaluate(() => shop.events()), []);
  const now = Date.now();
  await page.evaluate((text) => shop.importProfile(text), file({ item: "1", event: "dislike", time: 1e308 }));
  const [{ time }] = await page.evaluate(() => shop.events());
  assert.ok(Math.abs(time - now) < 60_000, "a time to come is now");
});

story("an answer with too many bytes leaves no copy", {}, async ({ page }) => {
  replaceModel(new Uint8Array([...good, ...new Uint8Array(1000)]));
  await openBlank(page);
  const left = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const code = await Recommender.load("/movies.safetensors").catch(({ code }) => code);
    const copies = async () => (await (await caches.open("foldin")).keys()).map(({ url }) => url);
    // The browser ends what it was writing first.
    for (let tries = 0; tries < 100 && (await copies()).length > 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return [code, await copies()];
  });
  assert.deepEqual(left, ["format", []]);
});

story("the demo page works under Trusted Types, with its map and its service worker", {}, async ({ page, server }) => {
  await page.goto(server.url);
  await ready(page);
  await judge(page, "star wars", "50", "like");
  await page.getByTestId("map").waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
});
