// What a recommender knows of its visitor, and how it forgets. Films are MovieLens 100K's: 50 is Star Wars.

import assert from "node:assert/strict";
import { keptEvents, openBlank, story } from "./story.mjs";

/** Loads the model on the page as `shop`. */
const load = (page, options = {}) =>
  page.evaluate(async (options) => {
    const { Recommender } = await import("/package/dist/index.js");
    globalThis.shop = await Recommender.load("/movies.safetensors", options);
  }, options);

/** The error of a call on the page's `shop`, as plain data. */
const refusal = (page, method, ...args) =>
  page.evaluate(
    async ([method, args]) => {
      const error = await globalThis.shop[method](...args).then(
        () => ({ name: "none" }),
        (error) => error,
      );
      return { name: error.name, code: error.code, field: error.field };
    },
    [method, args],
  );

const ask = (page, method, ...args) =>
  page.evaluate(([method, args]) => globalThis.shop[method](...args), [method, args]);

const like = (item, time) => ({ item, event: "like", time });
const ids = (list) => list.map(({ item }) => item);

for (const worker of [false, true]) {
  story(`an event taken back leaves no trace, ${worker ? "in a worker" : "on the page"}`, {}, async ({ page }) => {
    await openBlank(page);
    await load(page, { worker });
    await ask(page, "record", [like("50", 1000), { item: "1", event: "view", value: 40, time: 2000 }]);
    const before = await ask(page, "recommend", {});
    await ask(page, "record", [{ item: "1", event: "dislike", time: 3000 }, like("174", 4000)]);
    assert.notDeepEqual(await ask(page, "recommend", {}), before);
    assert.equal(await ask(page, "undo", { item: "1", event: "dislike", time: 3000 }), true);
    assert.equal(await ask(page, "undo", like("174", 4000)), true);
    assert.equal(await ask(page, "undo", like("174", 4000)), false);
    assert.deepEqual(await ask(page, "recommend", {}), before);
  });
}

story("reasons name every own event with its share, dislikes too; the rest is the same for everybody", {}, async ({ page }) => {
  await openBlank(page);
  await load(page);
  const films = ids(await ask(page, "recommend", { exclude: ["50", "181", "172"] })).toSorted();
  const rests = async (events) => {
    await ask(page, "record", events);
    const told = ids(await ask(page, "events")).toSorted();
    const ranked = await ask(page, "rank", films, { explain: true });
    for (const { because } of ranked) assert.deepEqual(ids(because).toSorted(), told);
    const rest = ({ score, because }) => because.reduce((rest, { share }) => rest - share, score);
    return ranked.toSorted((a, b) => (a.item < b.item ? -1 : 1)).map(rest);
  };
  const first = await rests([like("50"), like("181")]);
  const second = await rests([{ item: "172", event: "dislike" }]);
  first.forEach((rest, at) => assert.ok(Math.abs(rest - second[at]) < 1e-2, `${films[at]}: ${rest} ${second[at]}`));
  const [against] = await ask(page, "rank", ["172"], { explain: true });
  assert.ok(against.because.find(({ item }) => item === "172").share < 0);
});

story("events on items that the model does not know rest until it knows them", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { profile: "newer" });
  const before = await ask(page, "recommend");
  await ask(page, "record", [like("brand-new", 1000), like("50", 2000)]);
  assert.deepEqual((await ask(page, "events")).map(({ item }) => item), ["50"], "what rests does not count");
  assert.equal((await keptEvents(page, "newer")).length, 2, "and is kept");
  assert.deepEqual([await ask(page, "has", "brand-new"), await ask(page, "has", "50")], [false, true]);
  await ask(page, "addItem", { id: "brand-new", title: "Brand New", features: { genres: ["Comedy"], year: 1990 } });
  assert.deepEqual((await ask(page, "events")).map(({ item }) => item), ["brand-new", "50"]);
  assert.ok(!(await ask(page, "recommend", { count: 1000 })).some(({ item }) => item === "brand-new"), "seen");
  await ask(page, "forget", ["brand-new", "50"]);
  await ask(page, "removeItem", "brand-new");
  assert.deepEqual(await ask(page, "recommend"), before);
});

story("unknown ids are skipped or refused by the stated rule", {}, async ({ page }) => {
  await openBlank(page);
  await load(page);
  await ask(page, "record", like("50"));
  const plain = await ask(page, "recommend", { count: 5 });
  const unknown = ["no-such-film"];
  assert.deepEqual(await ask(page, "recommend", { count: 5, exclude: unknown }), plain);
  assert.deepEqual(await ask(page, "recommend", { count: 5, boost: { items: { "no-such-film": 2 } } }), plain);
  assert.deepEqual(await ask(page, "recommend", { only: unknown }), []);
  assert.equal((await refusal(page, "recommend", { only: unknown, unknown: "error" })).code, "unknown-item");
  assert.equal((await refusal(page, "rank", ["172", ...unknown])).code, "unknown-item");
  const ranked = await ask(page, "rank", ["172", ...unknown], { unknown: "skip" });
  assert.deepEqual(ranked.map(({ item }) => item), ["172"]);
  assert.equal((await refusal(page, "similar", "no-such-film")).code, "unknown-item");
});

story("what is wrong with an event is told by name, and nothing of its batch is taken", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { profile: "strict" });
  const rate = (value, more) => ({ item: "50", event: "rate", value, ...more });
  const cases = [
    [[rate(6)], { name: "RangeError", field: "value" }],
    [[rate(undefined)], { name: "RangeError", field: "value" }],
    [[rate(11, { scale: [1, 10] })], { name: "RangeError", field: "events[1].value" }],
    [[rate(5, { scale: [10, 1] })], { name: "RangeError", field: "events[1].scale" }],
    [[like("50", Date.now() + 3_600_000)], { name: "RangeError", field: "events[1].time" }],
    [[{ item: "50", event: "love" }], { name: "RangeError", field: "events[1].event" }],
    [[{ item: "50", event: "view", value: -1 }], { name: "RangeError", field: "value" }],
    [[{ item: 50, event: "like" }], { name: "TypeError", field: "events[1].item" }],
  ];
  for (const [events, expected] of cases) {
    const found = await refusal(page, "record", [like("181"), ...events]);
    assert.deepEqual(JSON.parse(JSON.stringify(found)), expected, JSON.stringify(events));
  }
  assert.deepEqual(await ask(page, "events"), []);
  assert.deepEqual(await keptEvents(page, "strict"), []);
});

story("times in reverse are the same history", {}, async ({ page }) => {
  await openBlank(page);
  await load(page);
  const events = ["50", "181", "172", "1", "174"].map((item, at) => like(item, 1000 * at));
  await ask(page, "record", events);
  const forth = await ask(page, "recommend", {});
  await ask(page, "erase");
  for (const event of events.toReversed()) await ask(page, "record", event);
  assert.deepEqual(ids(await ask(page, "recommend", {})), ids(forth));
  assert.deepEqual(await ask(page, "events"), events);
});

story("weights and scales are the page's choice", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { events: { scale: [1, 10], remains: 1, dislike: 1 } });
  await ask(page, "record", { item: "50", event: "rate", value: 10, time: 0 });
  const best = await ask(page, "vector");
  await ask(page, "erase");
  await ask(page, "record", { item: "50", event: "rate", value: 5, scale: [1, 5], time: 0 });
  assert.deepEqual(await ask(page, "vector"), best, "the best rating is the best on every scale");
  assert.equal((await refusal(page, "record", { item: "50", event: "rate", value: 11 })).field, "value");
});

story("a hundred thousand events at once are summarised, here and in the store", {}, async ({ page }) => {
  await openBlank(page);
  const counts = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    // One event an item counts in such a model, where each counts in one of the order of events.
    const factors = Float32Array.from({ length: 1200 }, (_, at) => Math.sin(at));
    const shop = await Recommender.fromFactors({ factors, dim: 4 }, { worker: true, profile: "burst" });
    await shop.record({ item: "1", event: "dislike", time: 0 });
    const items = (await shop.recommend({ count: 200 })).map(({ item }) => item);
    const burst = Array.from({ length: 100_000 }, (_, at) => ({ item: items[at % 200], event: "view", time: at + 1 }));
    await shop.record(burst);
    const events = await shop.events();
    return { events: events.length, first: events[0], seen: new Set(events.map(({ item }) => item)).size };
  });
  assert.ok(counts.events <= 10_000, String(counts.events));
  assert.deepEqual(counts.first, { item: "1", event: "dislike", time: 0 }, "an old opinion still counts");
  assert.equal(counts.seen, 201);
  assert.equal((await keptEvents(page, "burst")).length, counts.events);
});

story("profiles have names, leave as files, come back once and are erased to the last byte", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { profile: "ann" });
  await ask(page, "record", [like("50", 1), like("181", 2)]);
  const file = await ask(page, "exportProfile");
  await load(page, { profile: "bob" });
  assert.deepEqual(await ask(page, "events"), []);
  await ask(page, "record", like("50", 1));
  assert.deepEqual(await ask(page, "importProfile", file), { added: 1, resting: 0 });
  assert.deepEqual(await ask(page, "importProfile", file), { added: 0, resting: 0 });
  assert.deepEqual(await ask(page, "events"), [like("50", 1), like("181", 2)]);
  const foreign = [file.slice(0, -5), "", "[]", '{"format":"other"}', "<!doctype html>", file.replace("like", "love")];
  for (const text of foreign) {
    assert.equal((await refusal(page, "importProfile", text)).code, "format", text);
  }
  const newer = file.replace('"version":1', '"version":9');
  assert.equal((await refusal(page, "importProfile", newer)).code, "version");
  assert.equal((await keptEvents(page, "bob")).length, 2);
  await ask(page, "erase");
  assert.deepEqual(await ask(page, "events"), []);
  assert.deepEqual(await keptEvents(page, "bob"), []);
  assert.equal((await keptEvents(page, "ann")).length, 2);
});

story("two tabs neither lose nor double an event, and follow each other", {}, async ({ page, context }) => {
  const other = await context.newPage();
  const tabs = [page, other];
  for (const [at, tab] of tabs.entries()) {
    await openBlank(tab);
    await load(tab, { worker: at === 1, profile: "shared" });
  }
  const count = 40;
  const recorded = (tab, name) =>
    tab.evaluate(
      async ({ count, name }) => {
        for (let at = 0; at < count; at++) {
          await globalThis.shop.record({ item: String(1 + at), event: "view", value: name, time: 1000 + at });
        }
      },
      { count, name },
    );
  await Promise.all(tabs.map((tab, at) => recorded(tab, at)));
  for (const tab of tabs) {
    await tab.waitForFunction(async (all) => (await globalThis.shop.events()).length === all, 2 * count);
  }
  assert.equal((await keptEvents(page, "shared")).length, 2 * count);
  const [a, b] = await Promise.all(tabs.map((tab) => ask(tab, "recommend", {})));
  assert.deepEqual(ids(a), ids(b));
  await ask(page, "undo", { item: "3", event: "view", value: 1, time: 1002 });
  await other.waitForFunction(async (all) => (await globalThis.shop.events()).length === all, 2 * count - 1);
  await ask(other, "erase");
  await page.waitForFunction(async () => (await globalThis.shop.events()).length === 0);
  assert.deepEqual(await keptEvents(page, "shared"), []);
});

story("a tab that is killed while it writes has kept all that it acknowledged", {}, async ({ page, context }) => {
  const acknowledged = [];
  await page.exposeBinding("acknowledge", (_, time) => void acknowledged.push(time));
  await openBlank(page);
  await load(page, { profile: "killed" });
  const enough = new Promise((resolve) => {
    const timer = setInterval(() => acknowledged.length >= 25 && resolve(clearInterval(timer)), 5);
  });
  void page
    .evaluate(async () => {
      for (let time = 1; ; time++) {
        await globalThis.shop.record({ item: String(1 + (time % 900)), event: "view", time });
        globalThis.acknowledge(time);
      }
    })
    .catch(() => {});
  await enough;
  const crashed = page.waitForEvent("crash");
  const session = await context.newCDPSession(page);
  void session.send("Page.crash").catch(() => {});
  await crashed;
  const after = await context.newPage();
  await openBlank(after);
  await load(after, { profile: "killed" });
  const times = new Set((await ask(after, "events")).map(({ time }) => time));
  for (const time of acknowledged) assert.ok(times.has(time), `event ${time} of ${acknowledged.length} is lost`);
});

story("when the disk is full, events live on in memory and the page is told", {}, async ({ page, context, server }) => {
  await openBlank(page);
  await load(page, { profile: "full" });
  const session = await context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(server.url).origin, quotaSize: 1 });
  const told = await page.evaluate(async () => {
    const { shop } = globalThis;
    const states = [];
    shop.on("storage", ({ persistent, error }) => states.push({ persistent, code: error?.code }));
    const items = (await shop.recommend({ count: 1000 })).map(({ item }) => item);
    for (let at = 0; at < 40 && states.length === 0; at++) {
      await shop.record(items.map((item) => ({ item, event: "view", time: at })));
    }
    await shop.record({ item: "50", event: "like" });
    const liked = (await shop.events()).some(({ item, event }) => item === "50" && event === "like");
    return { states, liked, persistent: shop.storage.persistent };
  });
  assert.deepEqual(told, { states: [{ persistent: false, code: "storage" }], liked: true, persistent: false });
});

story("a profile is folded in anew by another model; what that lacks rests until one has it", {}, async ({ page }) => {
  await openBlank(page);
  const found = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const open = (ids, profile) => {
      const factors = Float32Array.from({ length: 4 * ids.length }, (_, at) => Math.sin(at + ids.length));
      return Recommender.fromFactors({ factors, dim: 4, ids }, { profile });
    };
    const old = await open(["a", "b", "c"], "versions");
    await old.record([{ item: "a", event: "like", time: 1 }, { item: "b", event: "like", time: 2 }]);
    const newer = await open(["b", "c", "d", "e"], "versions");
    const fresh = await open(["b", "c", "d", "e"], undefined);
    await fresh.record({ item: "b", event: "like", time: 2 });
    const again = await open(["a", "b", "c"], "versions");
    const list = (vector) => [...vector];
    return {
      refolded: list(await newer.vector()),
      scratch: list(await fresh.vector()),
      events: await newer.events(),
      exported: JSON.parse(await newer.exportProfile()).events.length,
      back: list(await again.vector()),
      first: list(await old.vector()),
    };
  });
  assert.deepEqual(found.refolded, found.scratch);
  assert.deepEqual(found.events, [like("b", 2)]);
  assert.equal(found.exported, 2);
  assert.deepEqual(found.back, found.first);
});

story("a session of a hundred events sends nothing anywhere", {}, async ({ page, context }) => {
  await openBlank(page);
  await load(page, { worker: true, profile: "quiet" });
  // The part of the engine that `similar` is in comes before anybody listens: it asks for a file, and says nothing.
  await ask(page, "similar", "50");
  const sent = [];
  context.on("request", (request) => sent.push(request.url()));
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ request }) => sent.push(request.url));
  await page.evaluate(async () => {
    const { shop } = globalThis;
    const kinds = ["like", "dislike", "view", "purchase", "skip"];
    for (let at = 0; at < 100; at++) {
      await shop.record({ item: String(1 + at * 9), event: kinds[at % 5] });
      await shop.recommend({ count: 12, explain: true });
      if (at % 10 === 0) await shop.similar("50");
    }
  });
  assert.deepEqual(sent, []);
});

story(
  "what could not be fetched is fetched the next time it is needed",
  {},
  async ({ page }) => {
    await openBlank(page);
    await load(page);
    await ask(page, "record", like("50", 1000));
    await page.route("**/foldin_lab*", (route) => route.abort());
    assert.equal((await refusal(page, "onboarding", { count: 1 })).code, "network");
    await page.unroute("**/foldin_lab*");
    assert.equal((await ask(page, "onboarding", { count: 1 })).length, 1);
  },
  /Failed to load resource/,
);
