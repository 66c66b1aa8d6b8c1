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

const SHELVES = PAGE.replace(/<main>[^]*<\/main>/, () => {
  const shelf = '<foldin-shelf src="/movies.safetensors" count="4" profile="many"></foldin-shelf>';
  return `<main>${shelf.repeat(20)}</main>`;
});

/** Waits until all shelves show four items, the same ones, but not those; what they show, as one text. */
async function agreed(page, but = "") {
  const agreement = await page.waitForFunction((but) => {
    const [first, ...others] = [...document.querySelectorAll("foldin-shelf")].map((shelf) =>
      [...shelf.shadowRoot.querySelectorAll('[part="select"]')].map(({ textContent }) => textContent).join("|"),
    );
    return first !== but && first.split("|").length === 4 && others.every((text) => text === first) && first;
  }, but);
  return agreement.jsonValue();
}

story("twenty shelves are one worker and one download, and follow each other and other tabs", {}, async ({ page, context, server }) => {
  server.files["/many/"] = SHELVES;
  const address = new URL("many/", server.url).href;
  await page.goto(address);
  const first = await agreed(page);
  assert.equal(page.workers().length, 1);
  assert.equal(server.requests.filter((request) => request === "GET /movies.safetensors").length, 1);
  await items(page).first().locator('[part="like"]').click();
  const second = await agreed(page, first);
  const other = await context.newPage();
  await other.goto(address);
  assert.equal(await agreed(other), second);
  await items(other).nth(1).locator('[part="like"]').click();
  assert.equal(await agreed(page, second), await agreed(other, second));
  // Items that go and come, and a newer model, are followed, too.
  const third = await agreed(page);
  await page.evaluate(async () => {
    const { recommender } = document.querySelector("foldin-shelf");
    const [{ item }] = await recommender.recommend({ count: 1 });
    await recommender.removeItem(item);
  });
  const fourth = await agreed(page, third);
  assert.ok(!fourth.includes(third.split("|")[0]));
});

story("the last shelf to go ends the worker; one that is put back goes on", {}, async ({ page, server }) => {
  server.files["/many/"] = SHELVES.replace(/ profile="many"/g, "");
  await page.goto(new URL("many/", server.url).href);
  const first = await agreed(page);
  await items(page).first().locator('[part="like"]').click();
  const second = await agreed(page, first);
  // All leave, and one comes back in a later task.
  await page.evaluate(async () => {
    const [shelf, ...others] = document.querySelectorAll("foldin-shelf");
    for (const one of [shelf, ...others]) one.remove();
    await new Promise((done) => setTimeout(done, 50));
    document.querySelector("main").append(shelf);
  });
  assert.equal(await agreed(page), second);
  await items(page).first().locator('[part="like"]').click();
  const third = await agreed(page, second);
  // One that the page gave a recommender keeps it.
  await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const shelf = document.querySelector("foldin-shelf");
    shelf.recommender = globalThis.own = await Recommender.load("/movies.safetensors");
    shelf.remove();
    await new Promise((done) => setTimeout(done, 700));
    document.querySelector("main").append(shelf);
  });
  assert.equal(await agreed(page, third), first);
  assert.equal(page.workers().length, 0);
  await page.evaluate(() => globalThis.own.record({ item: "50", event: "like" }));
  await agreed(page, first);
});

story("a wrong attribute says what was expected", {}, async ({ page, context, server }) => {
  const said = [];
  // The story is about what the page says.
  context.removeAllListeners("weberror");
  page.on("pageerror", ({ message }) => said.push(message));
  server.files["/wrong/"] = PAGE.replace('count="6"', 'count="six"');
  await page.goto(new URL("wrong/", server.url).href);
  await page.getByText("Not today").waitFor();
  assert.deepEqual(said, ['count: expected a whole number of at least 1, found "six"']);
  const shelf = page.locator("foldin-shelf");
  await shelf.evaluate((shelf) => shelf.setAttribute("count", "2"));
  await items(page).nth(1).waitFor();
  assert.ok(!(await page.getByText("Not today").isVisible()));
  for (const [name, value] of [["src", ""], ["profile", ""]]) {
    await shelf.evaluate((shelf, [name, value]) => shelf.setAttribute(name, value), [name, value]);
    await page.getByText("Not today").waitFor();
    assert.match(said.at(-1), new RegExp(`^${name}: expected a .*, found nothing`));
    await shelf.evaluate((shelf, name) => shelf.setAttribute(name, name === "src" ? "/movies.safetensors" : "p"), name);
    await items(page).nth(1).waitFor();
  }
});
