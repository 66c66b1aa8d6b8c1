// <foldin-shelf> in a page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { requireFromWww } from "../support/environment.mjs";
import { replaceModel, story } from "./story.mjs";

const axe = readFileSync(requireFromWww.resolve("axe-core/axe.min.js"), "utf8");

const PAGE = `<!doctype html><html lang=en><title>shop</title><link rel=icon href=/favicon.svg>
<main><h1>Shop</h1><foldin-shelf src="/movies.safetensors" count="6" profile="test">
<h2 slot="heading">For you</h2><p slot="loading">One moment</p><p slot="error">Not today</p>
</foldin-shelf></main><script type="module" src="/package/dist/element.js"></script>`;

async function openShop(page, server) {
  server.files["/shop/"] = PAGE;
  await page.goto(new URL("shop/", server.url).href);
}

const items = (page) => page.locator("foldin-shelf li");

story("the element shows a shelf, learns, and tells what is chosen", {}, async ({ page, server }) => {
  await openShop(page, server);
  await items(page).nth(5).waitFor();
  assert.equal(await items(page).count(), 6);
  assert.ok(await page.getByText("For you").isVisible());
  assert.ok(!(await page.getByText("Not today").isVisible()));
  await page.evaluate(() => {
    document.addEventListener("foldin-select", ({ detail }) => (globalThis.selected = detail.item));
    document.addEventListener("foldin-change", () => (globalThis.changes = (globalThis.changes ?? 0) + 1));
  });
  const first = await items(page).first().locator('[part="select"]').innerText();
  await items(page)
    .first()
    .getByRole("button", { name: `Like ${first}`, exact: true })
    .focus();
  await page.keyboard.press("Enter");
  await page.locator("foldin-shelf").getByText(`Because you liked ${first}`).first().waitFor();
  assert.ok(!(await items(page).allInnerTexts()).some((text) => text.startsWith(`${first}\n`)));
  const focused = await page.evaluate(() => document.activeElement.shadowRoot.activeElement.getAttribute("part"));
  assert.equal(focused, "like");
  await items(page).nth(1).locator('[part="select"]').click();
  assert.ok(await page.evaluate(() => globalThis.selected));
  assert.equal(await page.evaluate(() => globalThis.changes), 1);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
});

story("its attributes can change, and it can share a recommender", {}, async ({ page, server }) => {
  await openShop(page, server);
  await items(page).nth(5).waitFor();
  await page.locator("foldin-shelf").evaluate((shelf) => shelf.setAttribute("count", "3"));
  await items(page).nth(3).waitFor({ state: "detached" });
  assert.equal(await items(page).count(), 3);
  const shared = await page.evaluate(async () => {
    const first = document.querySelector("foldin-shelf");
    const second = document.createElement("foldin-shelf");
    second.setAttribute("count", "2");
    second.recommender = first.recommender;
    document.querySelector("main").append(second);
    await second.refresh();
    return second.shadowRoot.querySelectorAll("li").length;
  });
  assert.equal(shared, 2);
});

story("a broken model shows the error's slot and tells the page", {}, async ({ page, server }) => {
  replaceModel("broken");
  await page.addInitScript(() => {
    document.addEventListener("foldin-error", ({ detail }) => (globalThis.code = detail.code));
  });
  await openShop(page, server);
  await page.getByText("Not today").waitFor();
  assert.equal(await page.evaluate(() => globalThis.code), "format");
});
