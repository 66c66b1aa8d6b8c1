// What is erased is gone: one order of all that happens to a profile, whatever tabs and storage do.

import assert from "node:assert/strict";
import { keptEvents, openBlank, story } from "./story.mjs";

const like = (item, time) => ({ item, event: "like", time });

/** Loads the model on the page as `shop`, with a note of each state of its storage. */
const load = (page, options = {}) =>
  page.evaluate(async (options) => {
    const { Recommender } = await import("/package/dist/index.js");
    globalThis.shop = await Recommender.load("/movies.safetensors", options);
    globalThis.states = [];
    shop.on("storage", ({ persistent, unerased }) => states.push({ persistent, ...(unerased && { unerased }) }));
  }, options);

/** What a call comes to: its error's code, or nothing. */
const codeOf = (page, method, ...args) =>
  page.evaluate(
    ([method, args]) => globalThis.shop[method](...args).then(() => "done", ({ code, message }) => code ?? message),
    [method, args],
  );

const events = (page) => page.evaluate(() => globalThis.shop.events());

/** The events that a fresh page reads. */
async function stored(context, profile) {
  const page = await context.newPage();
  await openBlank(page);
  await load(page, { profile });
  const found = await events(page);
  await page.close();
  return found;
}

/** Has the page's database refuse what `names` say, as often as `times`. */
const refuse = (page, times, ...names) =>
  page.evaluate(
    ([times, names]) => {
      globalThis.refusals = times;
      for (const name of names) {
        const { prototype } = IDBObjectStore;
        const own = prototype[name];
        prototype[name] = function refused(...args) {
          if (globalThis.refusals-- > 0) throw new DOMException("the disk is broken", "UnknownError");
          return own.apply(this, args);
        };
      }
    },
    [times, names],
  );

story("a write that fails once is tried again at once", {}, async ({ page, context }) => {
  await openBlank(page);
  await load(page, { profile: "once" });
  await refuse(page, 1, "add");
  assert.equal(await codeOf(page, "record", like("50", 1)), "done");
  assert.deepEqual(await stored(context, "once"), [like("50", 1)]);
  assert.deepEqual(await page.evaluate(() => states), []);
});

story("storage that comes back gets what it missed, and the page is told", {}, async ({ page, context }) => {
  await openBlank(page);
  await load(page, { profile: "back" });
  await refuse(page, Infinity, "add");
  assert.equal(await codeOf(page, "record", [like("50", 1), like("181", 2)]), "done");
  assert.equal(await page.evaluate(() => shop.storage.persistent), false);
  await page.evaluate(() => (globalThis.refusals = 0));
  await page.waitForFunction(() => shop.storage.persistent);
  assert.deepEqual(await stored(context, "back"), [like("50", 1), like("181", 2)]);
  assert.deepEqual(await page.evaluate(() => states), [{ persistent: false }, { persistent: true }]);
});

for (const [method, ...args] of [["erase"], ["forget", ["50", "181"]], ["undo", like("50", 1)]]) {
  story(`${method} is refused until it is done, and is done as soon as storage answers`, {}, async ({ page, context }) => {
    await openBlank(page);
    await load(page, { profile: "refused" });
    const all = [like("50", 1), like("181", 2)];
    await codeOf(page, "record", all);
    const rest = method === "undo" ? [all[1]] : [];
    await refuse(page, Infinity, "delete");
    assert.equal(await codeOf(page, method, ...args), "storage");
    assert.deepEqual(await events(page), rest, "gone from the page");
    assert.deepEqual(await stored(context, "refused"), all, "and not from the store");
    await page.evaluate(() => (globalThis.refusals = 0));
    await page.waitForFunction(() => shop.storage.persistent);
    assert.deepEqual(await stored(context, "refused"), rest);
    assert.deepEqual(await events(page), rest);
    assert.deepEqual(await page.evaluate(() => states), [{ persistent: false, unerased: true }, { persistent: true }]);
  });
}

story("a full disk keeps nothing from being erased", {}, async ({ page, context, server }) => {
  await openBlank(page);
  const session = await context.newCDPSession(page);
  const { origin } = new URL(server.url);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 2_000_000 });
  await load(page, { profile: "full" });
  await page.evaluate(async () => {
    // Of items that the model does not know, so that a few of them fill what the model's copy leaves.
    const item = "x".repeat(5000);
    for (let time = 0; time < 1000 && shop.storage.persistent; time++) {
      await shop.record(Array.from({ length: 10 }, (_, at) => ({ item: `${item}${at}`, event: "view", time })));
    }
  });
  assert.equal(await page.evaluate(() => shop.storage.persistent), false);
  assert.ok((await database(page, "full")).length > 0, "the disk was not full from the beginning");
  assert.equal(await codeOf(page, "erase"), "done");
  assert.deepEqual(await events(page), []);
  assert.deepEqual(await database(page, "full"), []);
});

story("a database that a newer tab has taken: nothing is said to be erased that is not", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { profile: "newer" });
  await codeOf(page, "record", like("50", 1));
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const opening = indexedDB.open("foldin", 3);
        opening.onsuccess = () => resolve(opening.result.close());
      }),
  );
  assert.equal(await codeOf(page, "erase"), "storage");
  assert.equal(await page.evaluate(() => shop.storage.unerased), true);
  await load(page, { profile: "newer" });
  assert.equal(await page.evaluate(() => shop.storage.persistent), false);
  assert.equal(await codeOf(page, "erase"), "storage");
});

story("two tabs that take in one file at once have its events once", {}, async ({ page, context }) => {
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await openBlank(tab);
    await load(tab, { profile: "file" });
  }
  await page.evaluate(() => shop.record(["50", "181", "172"].map((item, at) => ({ item, event: "like", time: at + 1 }))));
  const file = await page.evaluate(() => shop.exportProfile());
  const expected = await events(page);
  await page.evaluate(() => shop.erase());
  for (let round = 0; round < 5; round++) {
    const added = await Promise.all([page, other].map((tab) => tab.evaluate((file) => shop.importProfile(file), file)));
    assert.equal(Math.max(...added.map((taken) => taken.added)), expected.length);
    for (const tab of [page, other]) await becomes(tab, expected);
    assert.deepEqual(await stored(context, "file"), expected);
    await other.evaluate(() => shop.erase());
  }
});

story("what a tab wrote that was killed before it could tell is known at another's next call", {}, async ({ page, context }) => {
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await openBlank(tab);
    await load(tab, { profile: "silent" });
  }
  await page.evaluate(() => (BroadcastChannel.prototype.postMessage = () => {}));
  await page.evaluate((event) => shop.record(event), like("50", 1));
  await page.close();
  assert.equal(await codeOf(other, "record", like("181", 2)), "done");
  assert.deepEqual((await events(other)).map(({ item }) => item).sort(), ["181", "50"]);
});

story("what one tab erases never comes back in another that likes", {}, async ({ page, context }) => {
  await delay(context);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await openBlank(tab);
    await load(tab, { profile: "ghosts" });
  }
  for (let round = 0; round < 15; round++) {
    const liking = other.evaluate(async (pause) => {
      for (let time = 0; time < 12; time++) {
        await shop.record({ item: String(1 + time), event: "like", time });
        if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }, [0, 5, 20][round % 3]);
    await page.evaluate(async (pause) => {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await shop.erase();
    }, 4 * round);
    await liking;
    const truth = await stored(context, "ghosts");
    for (const tab of [page, other]) await becomes(tab, truth);
  }
});

/** Has the page's tabs tell each other late, as busy ones do. */
const delay = (context) =>
  context.addInitScript(() => {
    const { prototype } = BroadcastChannel;
    const { postMessage } = prototype;
    prototype.postMessage = function late(message) {
      setTimeout(() => postMessage.call(this, message), 30 * Math.random());
    };
  });

/** Expects that the tab comes to have those events, and nothing else, once it has heard of all. */
async function becomes(tab, truth) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const end = Date.now() + 4000; Date.now() < end; ) {
    if (JSON.stringify(await events(tab)) === JSON.stringify(truth)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(await events(tab), truth);
}

/** The events that the database itself has, in the order of a page's. */
async function database(page, profile) {
  const events = (await keptEvents(page, profile)).map(({ profile: _, ...event }) => event);
  return events.sort((a, b) => a.time - b.time);
}

const ROUNDS = Number(process.env.FOLDIN_ROUNDS ?? 20);
const seed = Number(process.env.FOLDIN_SEED ?? 1);

/** Numbers from a seed, 0 to 1. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a tab does in one round, a call after the other. */
function plan(next, tab) {
  const item = () => String(1 + Math.floor(next() * 12));
  const event = () => ({ item: item(), event: next() < 0.7 ? "like" : "dislike", time: Math.floor(next() * 50) });
  const profile = () => ({ format: "foldin-profile", version: 1, events: Array.from({ length: 5 }, event) });
  return Array.from({ length: 2 + Math.floor(next() * 5) }, () => {
    const dice = next();
    const pause = next() < 0.6 ? 0 : Math.floor(next() * 10);
    if (dice < 0.4) return { pause, method: "record", args: [event()] };
    if (dice < 0.5) return { pause, method: "record", args: [Array.from({ length: 4 }, event)] };
    if (dice < 0.7) return { pause, method: "undo", args: [], which: next() };
    if (dice < 0.82) return { pause, method: "forget", args: [item()] };
    if (dice < 0.92) return { pause, method: "erase", args: [] };
    return { pause, method: "importProfile", args: [JSON.stringify(profile())], tab };
  });
}

/** Carries a plan out; half of its calls do not wait for the one before. */
const act = (tab, plan) =>
  tab.evaluate(async (plan) => {
    const calls = [];
    for (const { pause, method, args, which } of plan) {
      const known = method === "undo" ? await shop.events() : [];
      const event = known[Math.floor(which * known.length)];
      if (method === "undo" && !event) continue;
      const call = shop[method](...(event ? [event] : args));
      calls.push(call);
      if (pause) {
        await call;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    await Promise.all(calls);
  }, plan);

story(`tabs at random: in ${ROUNDS} rounds none differs from the store`, { timeout: 60_000 + 10_000 * ROUNDS }, async ({ page, context }) => {
  await delay(context);
  const next = random(seed);
  const tabs = [page];
  while (tabs.length < 4) tabs.push(await context.newPage());
  for (const [at, tab] of tabs.entries()) {
    await openBlank(tab);
    await load(tab, { profile: "random", worker: at % 2 === 1 });
  }
  for (let round = 0; round < ROUNDS; round++) {
    const some = tabs.slice(0, 2 + (round % 3));
    await Promise.all(some.map((tab, at) => act(tab, plan(next, at))));
    const truth = await database(page, "random");
    await Promise.all(tabs.map((tab) => becomes(tab, truth)));
    if (round % 10 === 0) assert.deepEqual(await stored(context, "random"), truth, "as a fresh tab reads them");
  }
});
