// The taste map, the sliders, and what is under the hood.

import assert from "node:assert/strict";
import { judge, openPage, ready, shelf, shelfIs, shelfIsNot, story } from "./story.mjs";

const map = (page) => page.getByTestId("map");

/** Where the visitor's dot is or is going, as text. */
const you = (page) => map(page).getAttribute("data-you");

/** How many pixels of the map are not the ground's. */
const inked = (page) =>
  map(page).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count++;
    return count;
  });

/** Waits until the map stays as it is: dots come from another thread, and names in moments of their own. */
const painted = (page) =>
  page.waitForFunction(
    () => {
      const canvas = document.querySelector('[data-testid="map"]');
      const { width, height } = canvas;
      const blank = Object.assign(document.createElement("canvas"), { width, height }).toDataURL();
      const before = globalThis.pictured;
      globalThis.pictured = canvas.toDataURL();
      return globalThis.pictured === before && before !== blank;
    },
    undefined,
    { polling: 500 },
  );

story("the dot moves with every like, and back with its undo", { reducedMotion: "reduce" }, async ({ page }) => {
  await openPage(page);
  await map(page).waitFor();
  const moved = (before) =>
    page.waitForFunction((was) => document.querySelector('[data-testid="map"]').dataset.you !== was, before);
  const nowhere = await you(page);
  await judge(page, "star wars", "50", "like");
  await moved(nowhere);
  const first = await you(page);
  await judge(page, "sense and sensibility", "275", "like");
  await moved(first);
  const second = await you(page);
  await page.locator('[data-testid="mine-item"][data-item="275"]').getByTestId("undo").click();
  await moved(second);
  assert.equal(await you(page), first);
});

story("a pointer on a film of the shelf tells which it is and why; a click opens it", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await page.keyboard.press("Escape");
  await map(page).focus();
  await page.keyboard.press("n");
  const tip = page.getByTestId("map-tip");
  assert.match(await tip.innerText(), /because you liked star wars/i);
  const [first] = await shelf(page);
  await page.keyboard.press("Enter");
  await page.locator(`[data-testid="film"][data-item="${first}"]`).waitFor();
});

story("closer there are other names, and all of it comes back", { reducedMotion: "reduce" }, async ({ page }) => {
  await openPage(page);
  await map(page).waitFor();
  await painted(page);
  const whole = await map(page).evaluate((canvas) => canvas.toDataURL());
  assert.ok((await inked(page)) > 5000, "there is a map");
  await map(page).focus();
  for (const key of ["+", "+", "ArrowRight", "ArrowUp"]) await page.keyboard.press(key);
  await page.waitForFunction(
    (whole) => document.querySelector('[data-testid="map"]').toDataURL() !== whole,
    whole,
  );
  await page.keyboard.press("0");
  await page.waitForFunction(
    (whole) => document.querySelector('[data-testid="map"]').toDataURL() === whole,
    whole,
  );
});

story("who cannot see the map has its neighbours as a list", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await page.locator(".map-list summary").click();
  await page.locator(".map-near a").first().click();
  await page.getByTestId("film").waitFor();
});

/** Sets a slider as a hand would. */
const slide = (page, part, value) => page.getByTestId(part).fill(String(value));

const years = (page) =>
  page
    .locator('[data-testid="shelf-item"] .poster-foot span:first-child')
    .evaluateAll((spans) => spans.map((span) => Number(span.textContent)));

story("sliders turn the shelf: newer, older, all sorts, and back", {}, async ({ page }) => {
  await openPage(page);
  for (const [title, id] of [
    ["star wars", "50"],
    ["fargo", "100"],
  ]) {
    await judge(page, title, id, "like");
  }
  const plain = await shelf(page);
  const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  await slide(page, "recency", 1);
  await shelfIsNot(page, plain);
  const young = mean(await years(page));
  const newer = await shelf(page);
  await slide(page, "recency", -1);
  await shelfIsNot(page, newer);
  assert.ok(young > mean(await years(page)) + 5);
  const older = await shelf(page);
  await slide(page, "recency", 0);
  await shelfIsNot(page, older);
  assert.deepEqual(await shelf(page), plain);
  await slide(page, "diversity", 0.9);
  await shelfIsNot(page, plain);
  await slide(page, "diversity", 0);
  await shelfIs(page, plain);
});

async function openHood(page) {
  await page.getByTestId("hood").click();
  await page.getByTestId("facts").waitFor();
}

story("under the hood: figures, a histogram that grows, other precisions with the same shelf", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await openHood(page);
  assert.match(await page.getByTestId("facts").innerText(), /int8/);
  const total = () => page.getByTestId("histogram").getAttribute("data-total").then(Number);
  const before = await total();
  assert.ok(before > 2, `only ${before}: those from before the section was opened are missing`);
  await judge(page, "toy story", "1", "like");
  await page.waitForFunction(
    (before) => Number(document.querySelector('[data-testid="histogram"]').dataset.total) > before,
    before,
  );
  const mine = await shelf(page);
  for (const precision of ["f32", "int4", "int8"]) {
    await page.locator(`input[name="precision"][value="${precision}"]`).check();
    await page.getByTestId("precision-told").getByText(`In ${precision} now`).waitFor();
    const same = (await shelf(page)).filter((film) => mine.includes(film)).length;
    assert.ok(same >= 9, `${precision}: ${same} of ${mine.length}`);
    assert.equal(await page.getByTestId("mine-item").count(), 2, "the visitor goes along");
  }
  await shelfIs(page, mine);
});

story("a million items, and back to the films", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  const mine = await shelf(page);
  await openHood(page);
  await page.getByTestId("huge").click();
  await page.getByTestId("back").waitFor({ timeout: 90_000 });
  assert.equal(await page.getByTestId("mine-item").count(), 0);
  const [first] = await shelf(page);
  await page.locator(`[data-testid="shelf-item"][data-item="${first}"]`).getByTestId("like").click();
  await page.getByTestId("mine-item").waitFor();
  await page.getByTestId("because").first().waitFor();
  await page.getByTestId("back").click();
  await page.locator('[data-testid="mine-item"][data-item="50"]').waitFor();
  assert.deepEqual(await shelf(page), mine);
});

story("using the page asks nothing of any server, and the page counts", {}, async ({ page, server }) => {
  await page.goto(server.url);
  await ready(page);
  const counter = page.getByTestId("requests");
  await page.locator('[data-testid="requests"][data-count]').waitFor();
  await map(page).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  const asked = server.requests.length;
  await judge(page, "star wars", "50", "like");
  await judge(page, "toy story", "1", "dislike");
  await page.locator(".shelf .poster-link").first().click();
  await page.getByTestId("film").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await counter.getAttribute("data-count"), "0");
  assert.deepEqual(server.requests.slice(asked).filter((request) => !/favicon/.test(request)), []);
  await page.evaluate(() => fetch("./index.html"));
  await page.waitForFunction(() => document.querySelector('[data-testid="requests"]').dataset.count === "1");
});
