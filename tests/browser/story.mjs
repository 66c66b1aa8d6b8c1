// A story is one visitor in one fresh Chromium profile. Each ends with an empty console.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromePath, modelBytes, packageFolder, pageFolder, requireFromWww } from "../support/environment.mjs";
import { serve, TRUSTED } from "../support/server.mjs";

const { chromium } = requireFromWww("playwright-core");

const SUPPORT = fileURLToPath(new URL("../support", import.meta.url));

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;
let server;

before(async () => {
  browser = await chromium.launch({ executablePath: chromePath(), args: ARGUMENTS });
  server = await serve({
    folders: { "/": pageFolder(), "/package/": packageFolder(), "/support/": SUPPORT },
    files: { "/blank/": "<!doctype html><title>blank</title><link rel=icon href=/favicon.svg>" },
  });
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** Where the model is on the server; a story can put other bytes there. */
const MODEL = "/movies.safetensors";

/**
 * Runs `tell({ page, context, server })` on a page of its own, with Playwright's options for its context. Where the
 * story is about a network that fails, the browser may say `expected` on the console.
 */
export function story(name, { timeout = 120_000, ...options }, tell, expected) {
  test(name, { timeout }, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    server.files[MODEL] = modelBytes();
    server.requests.length = 0;
    server.policy = TRUSTED;
    try {
      const page = await context.newPage();
      const said = [];
      context.on("console", (message) => {
        if (!expected?.test(message.text())) said.push(`${message.type()}: ${message.text()}`);
      });
      context.on("weberror", (error) => said.push(String(error.error())));
      await tell({ page, context, server });
      assert.deepEqual(said, [], "the console must stay empty");
    } finally {
      await context.close();
    }
  });
}

/** Puts other bytes, or a function that answers, in the model's place. */
export function replaceModel(bytes) {
  server.files[MODEL] = bytes;
}

/** Serves a folder besides the page, under the address that comes back. */
export function servedApp(folder) {
  server.folders["/app/"] = folder;
  return new URL("app/", server.url).href;
}

/** Opens the demo page, in FOLDIN_URL when that is set, and waits until it is usable. */
export async function openPage(page) {
  await page.goto(process.env.FOLDIN_URL ?? server.url);
  await ready(page);
}

/** Waits until the page is usable. */
export const ready = (page) => page.locator('[data-testid="status"][data-ready="true"]').waitFor();

/** Opens an empty page on which `import("/package/dist/index.js")` works, and the model at /movies.safetensors. */
export const openBlank = (page) => page.goto(new URL("blank/", server.url).href);

/** The events of a profile, read from the database itself. */
export const keptEvents = (page, profile) =>
  page.evaluate(
    (profile) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open("foldin");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction("events").objectStore("events").getAll();
          reading.onsuccess = () => {
            opening.result.close();
            resolve(reading.result.filter((event) => event.profile === profile));
          };
        };
      }),
    profile,
  );

/** Searches a film by its title and presses a button of the hit with that id. */
export async function judge(page, title, id, opinion) {
  await page.getByTestId("search").fill(title);
  const hit = page.locator(`[data-testid="search-result"][data-item="${id}"]`);
  await hit.getByTestId(opinion).click();
  await page.locator(`[data-testid="mine-item"][data-item="${id}"][data-opinion="${opinion}"]`).waitFor();
}

const SHELF = '[data-testid="shelf-item"]';

/** The cards of a scene's own shelf. */
export const rowOf = (scene) => `[data-row="${scene}"] [data-testid="row-item"]`;

/** Ids of the films on the shelf, or among other cards, in order. */
export const shelf = (page, cards = SHELF) =>
  page.locator(cards).evaluateAll((cards) => cards.map((card) => card.dataset.item));

const shelfBecomes = (page, items, equal, cards) =>
  page.waitForFunction(
    ([items, equal, cards]) =>
      ([...document.querySelectorAll(cards)].map((card) => card.dataset.item).join() === items) === equal,
    [items.join(), equal, cards],
  );

/** Waits until those ids are on the shelf, in that order. */
export const shelfIs = (page, items) => shelfBecomes(page, items, true, SHELF);

/** Waits until the shelf is another one, or other cards are. */
export const shelfIsNot = (page, items, cards = SHELF) => shelfBecomes(page, items, false, cards);
