// Going away and back: the browser keeps the page as it was, its worker and its open profile with it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromePath, modelBytes, packageFolder, requireFromWww } from "../support/environment.mjs";
import { serve } from "../support/server.mjs";

const { chromium } = requireFromWww("playwright-core");

const SHELF = `<!doctype html><title>shop</title><link rel=icon href=data:,><foldin-shelf src="/movies.safetensors" count="4"
profile="back"></foldin-shelf><script type="module" src="/package/dist/element.js"></script>`;

test("a page that is left and come back to is as it was, and knows what was done meanwhile", { timeout: 60_000 }, async () => {
  const files = { "/movies.safetensors": modelBytes(), "/shop/": SHELF, "/product/": SHELF, "/about/": "<title>about</title>" };
  const server = await serve({ folders: { "/package/": packageFolder() }, files });
  server.policy = "";
  // Playwright turns this cache off.
  const ignoreDefaultArgs = ["--disable-back-forward-cache"];
  const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox"], ignoreDefaultArgs });
  try {
    const page = await browser.newPage();
    await page.addInitScript(() => addEventListener("pageshow", ({ persisted }) => (globalThis.persisted = persisted)));
    const like = async () => {
      const first = page.locator("foldin-shelf li").first();
      await first.locator('[part="like"]').click();
      await page.locator('foldin-shelf [part="status"]', { hasText: "changed" }).waitFor();
    };
    const events = () => page.evaluate(async () => (await document.querySelector("foldin-shelf").recommender.events()).length);
    await page.goto(new URL("shop/", server.url).href);
    await like();
    // To a page without foldin, then to one with the same profile, where the visitor goes on.
    for (const [address, known] of [["about/", 1], ["product/", 2]]) {
      await page.goto(new URL(address, server.url).href);
      if (known === 2) await like();
      await page.evaluate(() => void setTimeout(() => history.back()));
      await page.waitForURL(/shop/, { waitUntil: "commit" });
      // A page that was evicted is loaded anew, and never shown as a kept one.
      await page.waitForFunction(() => globalThis.persisted, undefined, { timeout: 5000 }).catch(() => {});
      const reasons = () => page.evaluate(() => JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons));
      assert.ok(await page.evaluate(() => globalThis.persisted), `evicted by ${address}: ${await reasons()}`);
      for (let wait = 0; (await events()) !== known && wait < 100; wait++) await page.waitForTimeout(20);
      assert.equal(await events(), known);
    }
    await like();
    assert.equal(await events(), 3);
  } finally {
    await browser.close();
    await server.close();
  }
});
