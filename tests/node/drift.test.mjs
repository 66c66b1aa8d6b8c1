// A visitor who chooses as training's people did, and one who does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { importPackage, modelBytes } from "../support/environment.mjs";

const { Recommender } = await importPackage();

/** The model, its items by falling popularity, and what it says of drift after likes of some of them. */
async function open() {
  const shop = await Recommender.load(modelBytes());
  const counts = await shop.tensor("item_counts");
  const items = await shop.items({ count: shop.info.items });
  const ranked = items.map(({ item }, row) => ({ item, count: counts[row] })).sort((a, b) => b.count - a.count);
  const told = [];
  shop.on("drift", (drift) => told.push(drift));
  const like = async (chosen) => {
    for (const { item } of chosen) await shop.record({ item, event: "like" });
    // It is worked out after the event, by a part of the package that is fetched first.
    await new Promise((resolve) => setTimeout(resolve, 300));
  };
  return { shop, ranked, told, like };
}

test("whoever likes what hardly anybody did has drifted, and that is told once", async () => {
  const { shop, ranked, told, like } = await open();
  await like(ranked.slice(-19));
  assert.deepEqual(told, [], "too few to tell");
  await like(ranked.slice(-25, -19));
  assert.equal(told.length, 1);
  const [{ distance, limit, items }] = told;
  assert.ok(distance > 0.9 && distance <= 1 && distance > limit);
  assert.ok(items >= 20);
  await shop.close();
});

test("whoever likes what people liked has not", async () => {
  const { shop, ranked, told, like } = await open();
  const total = ranked.reduce((sum, { count }) => sum + count, 0);
  let before = 0;
  const spread = ranked.filter(({ count }) => {
    const part = Math.floor((30 * before) / total);
    before += count;
    return Math.floor((30 * before) / total) > part;
  });
  assert.ok(spread.length >= 25);
  await like(spread);
  assert.deepEqual(told, []);
  await shop.close();
});
