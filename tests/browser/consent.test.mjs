// What is stored of a visitor, and told of them, is theirs to say at any time.

import assert from "node:assert/strict";
import { keptEvents, openBlank, story } from "./story.mjs";

const load = (page, options) =>
  page.evaluate(async (options) => {
    const { Recommender } = await import("/package/dist/index.js");
    globalThis.shop = await Recommender.load("/movies.safetensors", options);
    globalThis.states = [];
    globalThis.shop.on("storage", (state) => globalThis.states.push(state.persistent));
  }, options);

const call = (page, method, ...args) => page.evaluate(([method, args]) => globalThis.shop[method](...args), [method, args]);
const persistent = (page) => page.evaluate(() => globalThis.shop.storage.persistent);
const known = async (page) => (await call(page, "events")).map(({ item }) => item).sort();
const kept = async (page) => (await keptEvents(page, "mine")).map(({ item }) => item).sort();
const like = (item) => ({ item, event: "like" });

for (const worker of [false, true]) {
  story(`a visitor consents, and no longer does, ${worker ? "in a worker" : "on the page"}`, {}, async ({ page, context }) => {
    await openBlank(page);
    await load(page, { worker });
    await call(page, "record", like("50"));
    await call(page, "addItem", { id: "new", title: "New", features: { genres: ["Comedy"], year: 1990 } });
    const before = await call(page, "recommend", {});
    assert.equal(await page.evaluate(async () => (await indexedDB.databases()).length), 0, "nothing is stored unasked");

    await call(page, "persist", "mine");
    assert.equal(await persistent(page), true);
    assert.deepEqual(await call(page, "recommend", {}), before);
    assert.deepEqual(await kept(page), ["50"]);
    await call(page, "record", like("181"));
    assert.deepEqual(await kept(page), ["181", "50"]);
    await call(page, "persist", "mine");
    const refused = await page.evaluate(() => globalThis.shop.persist("other").catch(({ name, message }) => `${name} ${message}`));
    assert.equal(refused, 'RangeError profile: expected none besides "mine", found "other"');

    const other = await context.newPage();
    await openBlank(other);
    await load(other, { worker, profile: "mine" });
    assert.deepEqual(await known(other), ["181", "50"]);
    assert.ok(await call(other, "has", "new"));

    await call(page, "forget");
    assert.deepEqual(await kept(page), []);
    await other.waitForFunction(() => !globalThis.shop.storage.persistent);
    for (const tab of [page, other]) {
      assert.deepEqual(await known(tab), ["181", "50"], "it counts until the page is closed");
      await call(tab, "record", like("1"));
      assert.equal(await persistent(tab), false);
    }
    assert.deepEqual(await kept(page), [], "and no tab stores any more");
    await call(page, "forget");

    // Who changes their mind is remembered with what they did meanwhile.
    await call(page, "persist", "mine");
    assert.deepEqual(await kept(page), ["1", "181", "50"]);
    assert.deepEqual(await page.evaluate(() => globalThis.states), [true, false, true]);
  });
}

story("consent that is withdrawn at once leaves nothing; what was stored before counts when it is given", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { profile: "mine" });
  await call(page, "record", like("50"));
  await call(page, "close");
  await load(page, {});
  await call(page, "record", like("181"));
  await page.evaluate(() => Promise.all([globalThis.shop.persist("mine"), globalThis.shop.forget()]));
  assert.deepEqual([await kept(page), await persistent(page)], [[], false]);
  assert.deepEqual(await known(page), ["181", "50"]);
});

story("nothing is reported of who sends Global Privacy Control, unless the page says otherwise", {}, async ({ page }) => {
  const reports = async (options) => {
    await openBlank(page);
    return page.evaluate(async (options) => {
      const { Recommender } = await import("/package/dist/index.js");
      const reports = [];
      const report = (report) => reports.push(report);
      const shop = await Recommender.load("/movies.safetensors", { ...options, report });
      await shop.recommend();
      await shop.close();
      await Recommender.load("/favicon.svg", { ...options, report }).catch(() => {});
      return reports.length;
    }, options);
  };
  assert.equal(await reports({}), 2);
  await page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }));
  assert.equal(await reports({}), 0);
  assert.equal(await reports({ privacyControl: "ignore" }), 2);
});

story("the variant of an experiment is kept as long as the visitor's events are, and not before", {}, async ({ page }) => {
  await openBlank(page);
  const experiment = { name: "shelf", variants: ["old", "new"] };
  const inBrowser = () => page.evaluate(() => Object.values(localStorage));
  const drawn = () => page.evaluate(() => globalThis.shop.variant);
  await load(page, { experiment });
  assert.deepEqual(await inBrowser(), [], "nobody was asked yet");

  const variant = await drawn();
  await call(page, "persist", "mine");
  assert.deepEqual(await inBrowser(), [variant]);
  for (let visit = 0; visit < 8; visit++) {
    await load(page, { experiment, profile: "mine" });
    assert.equal(await drawn(), variant);
  }
  await call(page, "forget");
  assert.deepEqual(await inBrowser(), []);
  await load(page, { experiment: { ...experiment, unit: "customer-17" }, profile: "mine" });
  assert.deepEqual(await inBrowser(), [], "a unit is known again without");
});
