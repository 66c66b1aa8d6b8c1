// The page for everybody: without a mouse, on a small screen, read aloud, in the dark, without motion.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { requireFromWww } from "../support/environment.mjs";
import { judge, openPage, ready, shelf, story } from "./story.mjs";

const axe = readFileSync(requireFromWww.resolve("axe-core/axe.min.js"), "utf8");

async function assertAccessible(page, moment) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
  assert.deepEqual(found, [], moment);
}

async function assertNoSidewaysScroll(page, moment) {
  const [content, window] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(content <= window, `${moment}: ${content} > ${window}`);
}

story("with the keyboard alone: search, like, dislike, undo", {}, async ({ page }) => {
  await openPage(page);
  const search = page.getByTestId("search");
  await page.keyboard.press("Tab"); // the skip link
  await page.keyboard.press("Tab");
  assert.ok(await search.evaluate((input) => input === document.activeElement));
  await page.keyboard.type("star wars");
  // Each letter searches: what is chosen from the results for "star" would be gone with the next ones.
  await page.waitForFunction(() => {
    const films = [...document.querySelectorAll('[data-testid="search-result"]')];
    return films.length > 0 && films.every((film) => /star wars/i.test(film.textContent));
  });
  await page.keyboard.press("ArrowDown");
  const cell = await search.getAttribute("aria-activedescendant");
  assert.match(await page.locator(`#${cell}`).innerText(), /star wars/i);
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="mine-item"][data-item="50"][data-opinion="like"]').waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="mine-item"][data-item="50"][data-opinion="dislike"]').waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByTestId("search-result").count(), 0);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "undo");
  await page.keyboard.press("Enter");
  await page.getByTestId("mine-item").waitFor({ state: "detached" });
});

story("on the shelf the focus stays at its place when a film leaves", {}, async ({ page }) => {
  await openPage(page);
  const [film] = await shelf(page);
  await page.locator(`[data-testid="shelf-item"][data-item="${film}"]`).getByTestId("like").focus();
  await page.keyboard.press("Enter");
  await page.locator(`[data-testid="mine-item"][data-item="${film}"]`).waitFor();
  const focused = await page.evaluate(() => {
    const card = document.activeElement.closest('[data-testid="shelf-item"]');
    return { button: document.activeElement.dataset.testid, place: [...card.parentElement.children].indexOf(card) };
  });
  assert.deepEqual(focused, { button: "like", place: 0 });
});

for (const colorScheme of ["light", "dark"]) {
  story(`axe finds nothing, ${colorScheme}`, { colorScheme, reducedMotion: "reduce" }, async ({ page }) => {
    await openPage(page);
    await assertAccessible(page, "first visit");
    await judge(page, "star wars", "50", "like");
    await judge(page, "toy story", "1", "dislike");
    await assertAccessible(page, "with results and opinions");
    await page.keyboard.press("Escape");
    for (const part of ["hood", "own"]) await page.getByTestId(part).click();
    await page.getByTestId("facts").waitFor();
    await page.getByTestId("learn").waitFor();
    await page.locator(".map-list summary").click();
    await assertAccessible(page, "with all that can be opened");
    await page.locator(".shelf .poster-link").first().click();
    await page.getByTestId("why-row").first().waitFor();
    await assertAccessible(page, "in a film's view");
  });
}

story("360 px wide there is no sideways scrolling", { viewport: { width: 360, height: 740 } }, async ({ page }) => {
  await openPage(page);
  await assertNoSidewaysScroll(page, "first visit");
  await page.getByTestId("search").fill("the");
  await page.getByTestId("search-result").first().waitFor();
  await assertNoSidewaysScroll(page, "search");
  for (const [title, id] of [
    ["star wars", "50"],
    ["toy story", "1"],
    ["fargo", "100"],
    ["contact", "258"],
  ]) {
    await judge(page, title, id, "like");
  }
  await assertNoSidewaysScroll(page, "likes");
  for (const part of ["hood", "own"]) await page.getByTestId(part).click();
  await page.getByTestId("facts").waitFor();
  await page.getByTestId("new-genre").first().waitFor();
  await assertNoSidewaysScroll(page, "with all that can be opened");
});

story("who wants no motion gets none", { reducedMotion: "reduce" }, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await page.reload();
  await ready(page);
});
