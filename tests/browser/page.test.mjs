// What a visitor does on the demo page. Films are MovieLens 100K's: 50 is Star Wars.

import assert from "node:assert/strict";
import { judge, openPage, ready, shelf, story } from "./story.mjs";

for (const [width, height] of [
  [412, 823],
  [1280, 900],
]) {
  story(`nothing jumps while the page arrives, ${width} px wide`, { viewport: { width, height } }, async ({ page }) => {
    await page.addInitScript(() => {
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shifted += value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await openPage(page);
    await page.locator('[data-testid="requests"][data-count]').waitFor();
    // A typeface that comes late may move a line.
    const shifted = await page.evaluate(() => globalThis.shifted);
    assert.ok(shifted < 0.06, `shifted by ${shifted}`);
  });
}

story("a first visit shows popular films and invites", {}, async ({ page }) => {
  await openPage(page);
  assert.ok((await shelf(page)).length >= 12);
  assert.equal(await page.getByTestId("because").count(), 0, "nobody told anything yet");
  assert.equal(await page.getByTestId("mine-item").count(), 0);
  assert.match(await page.locator("#shelf").innerText(), /start with one of these/i);
});

story("a like turns the shelf at once, and each film says which like brought it", {}, async ({ page }) => {
  await openPage(page);
  const before = await shelf(page);
  await judge(page, "star wars", "50", "like");
  const after = await shelf(page);
  assert.notDeepEqual(after, before);
  assert.ok(!after.includes("50"), "a liked film is no recommendation");
  const reasons = await page.getByTestId("because").allInnerTexts();
  assert.equal(reasons.length, after.length);
  for (const reason of reasons) assert.match(reason, /because you liked star wars/i);
});

story("the shelf follows the latest like, and says so", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  const before = await shelf(page);
  await judge(page, "toy story", "1", "like");
  const after = await shelf(page);
  assert.notDeepEqual(after, before);
  const reasons = await page.getByTestId("because").allInnerTexts();
  const latest = reasons.filter((reason) => /because you liked toy story, your latest/i.test(reason));
  assert.ok(latest.length >= 3, reasons.join("\n"));
  for (const reason of reasons) assert.match(reason, /because you liked (star wars$|toy story, your latest$)/i);
});

story("films can be judged on the shelf itself; a disliked one never comes back", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  const [liked, disliked] = await shelf(page);
  await page.locator(`[data-testid="shelf-item"][data-item="${liked}"]`).getByTestId("like").click();
  await page.locator(`[data-testid="mine-item"][data-item="${liked}"][data-opinion="like"]`).waitFor();
  await page.locator(`[data-testid="shelf-item"][data-item="${disliked}"]`).getByTestId("dislike").click();
  await page.locator(`[data-testid="mine-item"][data-item="${disliked}"][data-opinion="dislike"]`).waitFor();
  for (const title of ["empire strikes back", "raiders of the lost ark", "terminator"]) {
    await page.getByTestId("search").fill(title);
    await page.getByTestId("search-result").first().getByTestId("like").click();
    await page.getByTestId("search-result").first().locator('[aria-pressed="true"]').waitFor();
    const now = await shelf(page);
    assert.ok(!now.includes(disliked) && !now.includes(liked));
  }
});

story("everything survives a reload", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await judge(page, "toy story", "1", "dislike");
  const before = await shelf(page);
  await page.reload();
  await ready(page);
  assert.deepEqual(await shelf(page), before);
  const told = page.getByTestId("mine-item");
  assert.deepEqual(await told.evaluateAll((items) => items.map((item) => item.dataset.opinion)), ["dislike", "like"]);
});

story("an opinion can be taken back, changed, and taken back by its own button", {}, async ({ page }) => {
  await openPage(page);
  const before = await shelf(page);
  await judge(page, "star wars", "50", "like");
  await judge(page, "star wars", "50", "dislike");
  assert.equal(await page.getByTestId("mine-item").count(), 1);
  await page.getByTestId("undo").click();
  await page.getByTestId("mine-item").waitFor({ state: "detached" });
  assert.deepEqual(await shelf(page), before);
  await judge(page, "star wars", "50", "like");
  await page.locator('[data-testid="search-result"][data-item="50"]').getByTestId("like").click();
  await page.getByTestId("mine-item").waitFor({ state: "detached" });
  await page.reload();
  await ready(page);
  assert.deepEqual(await shelf(page), before, "what was taken back is gone from the store too");
});

story("a search that finds nothing says so, and one with markup is only text", {}, async ({ page }) => {
  await openPage(page);
  await page.getByTestId("search").fill("<img src=x onerror=alert(1)>");
  await page
    .getByTestId("status")
    .getByText(/no film/i)
    .waitFor();
  assert.equal(await page.getByTestId("search-result").count(), 0);
  assert.equal(await page.locator("main img").count(), 0);
});

story("ten likes in a row without waiting all arrive", {}, async ({ page }) => {
  await openPage(page);
  const films = (await shelf(page)).slice(0, 10);
  await page.evaluate((ids) => {
    for (const id of ids)
      document.querySelector(`[data-testid="shelf-item"][data-item="${id}"] [data-testid="like"]`).click();
  }, films);
  await page.getByTestId("mine-item").nth(9).waitFor();
  await page.reload();
  await ready(page);
  const told = await page.getByTestId("mine-item").evaluateAll((items) => items.map((item) => item.dataset.item));
  assert.deepEqual(told.toSorted(), films.toSorted());
});
