// What the page and the package do when things go wrong.

import assert from "node:assert/strict";
import { modelBytes } from "../support/environment.mjs";
import { brokenModels, flippedEverywhere, withTitle } from "../support/models.mjs";
import { judge, openBlank, openPage, ready, replaceModel, shelf, story } from "./story.mjs";

const good = modelBytes();

for (const { name, bytes, code } of brokenModels(good)) {
  story(`a model file ${name}: the page says why, and recovers`, {}, async ({ page, server }) => {
    replaceModel(bytes);
    await page.goto(server.url);
    const trouble = page.getByTestId("trouble");
    await trouble.waitFor();
    assert.equal(await trouble.getAttribute("data-code"), code);
    assert.match(await trouble.innerText(), /expected .*found .*;/s);
    assert.equal(await page.getByTestId("status").getAttribute("data-ready"), "false");
    assert.ok(await page.locator("#map").isHidden(), "no empty map is promised");
    replaceModel(good);
    await page.getByTestId("retry").click();
    await ready(page);
    await judge(page, "star wars", "50", "like");
    assert.equal(await trouble.count(), 0);
    await page.getByTestId("map").waitFor();
  });
}

story("any single bit may flip: a typed error or a model, never a trap", {}, async ({ page }) => {
  await openBlank(page);
  await page.evaluate(async () => {
    globalThis.foldin = await import("/package/dist/index.js");
  });
  for (const { bit, bytes } of flippedEverywhere(good, 60)) {
    replaceModel(bytes);
    const outcome = await page.evaluate(async () => {
      try {
        const recommender = await globalThis.foldin.Recommender.load("/movies.safetensors");
        await recommender.recommend();
        await recommender.close();
        return "opened";
      } catch (error) {
        return error.code ?? String(error);
      }
    });
    assert.ok(["opened", "format", "version"].includes(outcome), `bit ${bit}: ${outcome}`);
  }
});

for (const worker of [false, true]) {
  const place = worker ? "in a worker" : "on the page's thread";

  story(`a rating off its scale is named and changes nothing, ${place}`, {}, async ({ page }) => {
    await openBlank(page);
    const result = await page.evaluate(async (worker) => {
      const { FoldinError, Recommender } = await import("/package/dist/index.js");
      const recommender = await Recommender.load("/movies.safetensors", { worker, profile: "test" });
      await recommender.record({ item: "50", event: "like" });
      const before = await recommender.recommend();
      const error = await recommender
        .record([
          { item: "181", event: "like" },
          { item: "1", event: "rate", value: 17 },
        ])
        .catch((error) => error);
      return {
        typed: error instanceof RangeError,
        field: error.field,
        message: error.message,
        events: (await recommender.events()).map(({ item }) => item),
        same: JSON.stringify(before) === JSON.stringify(await recommender.recommend()),
      };
    }, worker);
    assert.deepEqual(
      { ...result, message: undefined },
      { typed: true, field: "value", message: undefined, events: ["50"], same: true },
    );
    assert.match(result.message, /rating from 1 to 5, found 17/);
  });

  story(`wrong arguments are named, ${place}`, {}, async ({ page }) => {
    await openBlank(page);
    const errors = await page.evaluate(async (worker) => {
      const { Recommender } = await import("/package/dist/index.js");
      const recommender = await Recommender.load("/movies.safetensors", { worker });
      const wrong = [
        () => recommender.record({ item: 50, event: "like" }),
        () => recommender.record({ item: "50", event: "love" }),
        () => recommender.recommend({ count: "10" }),
        () => recommender.recommend({ count: 0 }),
        () => recommender.recommend({ limit: 10 }),
        () => recommender.recommend({ vector: new Float32Array(3) }),
        () => recommender.rank("50"),
        () => recommender.similar("50", { metric: "euclid" }),
      ];
      const outcomes = wrong.map((call) =>
        call().then(
          () => "accepted",
          ({ name, field }) => `${name} ${field}`,
        ),
      );
      return Promise.all(outcomes);
    }, worker);
    assert.deepEqual(errors, [
      "TypeError event.item",
      "RangeError event.event",
      "TypeError options.count",
      "RangeError options.count",
      "TypeError options.limit",
      "RangeError vector",
      "TypeError items",
      "RangeError options.metric",
    ]);
  });

  story(`loading can be aborted, ${place}`, {}, async ({ page }) => {
    await openBlank(page);
    // The server sends the first half and then waits for ever.
    replaceModel((response) => response.write(good.subarray(0, good.length / 2)));
    const result = await page.evaluate(async (worker) => {
      const { Recommender } = await import("/package/dist/index.js");
      const controller = new AbortController();
      const seen = [];
      const onProgress = ({ loaded, total }) => {
        seen.push(loaded / total);
        if (loaded > total / 4) controller.abort();
      };
      const options = { worker, signal: controller.signal, onProgress };
      const error = await Recommender.load("/movies.safetensors", options).catch((error) => error);
      return { code: error.code, seen };
    }, worker);
    assert.equal(result.code, "aborted");
    assert.ok(result.seen.every((part, i) => part > (result.seen[i - 1] ?? 0) && part < 1));
  });
}

story("storage that is refused is no reason to stop", {}, async ({ page, context }) => {
  await context.addInitScript(() => {
    // As in a browser that blocks it by policy. The page's worker has its own, so the thread of the page is used.
    Object.defineProperty(globalThis, "indexedDB", {
      get: () => ({
        open: () => {
          throw new DOMException("blocked", "SecurityError");
        },
      }),
    });
  });
  await openBlank(page);
  const result = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const recommender = await Recommender.load("/movies.safetensors", { profile: "test" });
    await recommender.record({ item: "50", event: "like" });
    const { persistent, error } = recommender.storage;
    return { persistent, code: error.code, shelf: (await recommender.recommend()).length };
  });
  assert.deepEqual(result, { persistent: false, code: "storage", shelf: 10 });
});

story("after close every call says so", {}, async ({ page }) => {
  await openBlank(page);
  const codes = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const after = async (worker) => {
      const recommender = await Recommender.load("/movies.safetensors", { worker });
      await recommender.close();
      await recommender.close();
      return recommender.recommend().catch(({ code }) => code);
    };
    return Promise.all([after(false), after(true)]);
  });
  assert.deepEqual(codes, ["closed", "closed"]);
});

story("titles are text, whatever is in them", {}, async ({ page, server }) => {
  const title = "<img src=x onerror=alert(1)>";
  replaceModel(withTitle(good, title));
  await page.goto(server.url);
  await ready(page);
  await page.getByTestId("search").fill("onerror");
  await page.getByTestId("search-result").first().getByText(title).waitFor();
  await page.getByTestId("search-result").first().getByTestId("like").click();
  await page.getByTestId("because").first().getByText(title).waitFor();
  assert.ok((await shelf(page)).length > 0);
  assert.equal(await page.locator("main img").count(), 0);
});

story(
  "when the map's code does not arrive, the shelves for scenes come all the same",
  { serviceWorkers: "block" },
  async ({ page }) => {
    await page.route(/\/map-[^/]*\.js$/, (route) => route.abort());
    await openPage(page);
    await page.getByTestId("row-item").first().waitFor();
  },
  /ERR_FAILED|Service Worker registration blocked by Playwright/,
);
