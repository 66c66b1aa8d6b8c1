// Without a network, after one visit.

import assert from "node:assert/strict";
import { judge, openBlank, openPage, ready, shelf, story } from "./story.mjs";

/** The browser's own word on the fetch that failed, before the copy was taken. */
const OFFLINE = /ERR_INTERNET_DISCONNECTED/;

story(
  "the demo page reloads, recommends and learns offline",
  {},
  async ({ page, context }) => {
    await openPage(page);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const model = new URL("movies.safetensors", document.baseURI).href;
      while (!(await (await caches.open("foldin")).match(model))) await new Promise((r) => setTimeout(r, 20));
    });
    await judge(page, "star wars", "50", "like");
    const before = await shelf(page);
    await context.setOffline(true);
    await page.reload();
    await ready(page);
    assert.deepEqual(await shelf(page), before);
    await judge(page, "toy story", "1", "dislike");
    assert.ok(!(await shelf(page)).includes("1"));
  },
  OFFLINE,
);

story(
  "foldin/offline does the same for any page",
  {},
  async ({ page, context, server }) => {
    server.files["/app/"] = "<!doctype html><title>app</title><link rel=icon href=/favicon.svg><p>here";
    server.files["/app/sw.js"] = [
      'import { offline } from "/package/dist/offline.js";',
      'offline({ version: "1", files: ["./", "/favicon.svg"] });',
    ].join("\n");
    await page.goto(new URL("app/", server.url).href);
    await page.evaluate(async () => {
      globalThis.trustedTypes.createPolicy("default", { createScriptURL: (url) => url });
      await navigator.serviceWorker.register("./sw.js", { type: "module" });
      await navigator.serviceWorker.ready;
    });
    await page.reload();
    await context.setOffline(true);
    await page.reload();
    assert.equal(await page.locator("p").innerText(), "here");
  },
  OFFLINE,
);
