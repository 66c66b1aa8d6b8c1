// The browser and the command rank alike.

import assert from "node:assert/strict";
import { assertSameRanking, likedSets, nativeTop } from "../support/liked.mjs";
import { openBlank, story } from "./story.mjs";

const COUNT = 20;

for (const worker of [false, true]) {
  story(
    `top ${COUNT} as the native command, ${worker ? "in a worker" : "on the page's thread"}`,
    {},
    async ({ page }) => {
      await openBlank(page);
      const ids = await page.evaluate(async (worker) => {
        const { Recommender } = await import("/package/dist/index.js");
        globalThis.shop = await Recommender.load("/movies.safetensors", { worker });
        const all = await globalThis.shop.recommend({ count: globalThis.shop.info.items });
        return all.map(({ item }) => item);
      }, worker);
      const sets = likedSets(ids);
      assert.equal(sets.length, 10);
      for (const liked of sets) {
        const found = await page.evaluate(
          async ({ liked, count }) => {
            const { shop } = globalThis;
            await shop.forget((await shop.events()).map(({ item }) => item));
            await shop.record(liked.map((item) => ({ item, event: "like" })));
            return shop.recommend({ count });
          },
          { liked, count: COUNT },
        );
        assert.equal(found.length, COUNT);
        assertSameRanking(found, nativeTop(liked, COUNT));
      }
    },
  );
}
