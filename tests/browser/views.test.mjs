// Views of the page that have an address, its languages, and its states in trouble.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { modelBytes, pageFolder } from "../support/environment.mjs";
import { judge, openPage, ready, replaceModel, rowOf, shelf, shelfIsNot, story } from "./story.mjs";

/** Opens the page at a fragment. */
async function openAt(page, server, hash, query = "") {
  await page.goto(`${server.url}${query}${hash}`);
  await ready(page);
}

const film = (page) => page.getByTestId("film");

story("a link opens a film, and the back button leads from film to film and home", {}, async ({ page, server }) => {
  await openAt(page, server, "#/item/50");
  await film(page).getByText("Star Wars").first().waitFor();
  await page.locator('[data-testid="sheet"] [data-testid="row-item"]').first().locator(".poster-link").click();
  await page.waitForFunction(() => document.querySelector('[data-testid="film"]').dataset.item !== "50");
  await page.goBack();
  await page.locator('[data-testid="film"][data-item="50"]').waitFor();
  await page.keyboard.press("Escape");
  await film(page).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).hash, "");
  await page.locator(".shelf .poster-link").first().click();
  await film(page).waitFor();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await film(page).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).hash, "", "closing is going back");
});

story("a link to a film that is not there says so", {}, async ({ page, server }) => {
  await openAt(page, server, "#/item/%3Cimg%20src=x%20onerror=alert(1)%3E");
  await page.getByTestId("sheet").getByText("<img").waitFor();
  assert.equal(await page.locator("img").count(), 0);
});

story("why this: bars for each thing that was told and for the film itself, which add up to the score", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await judge(page, "toy story", "1", "like");
  await judge(page, "fargo", "100", "dislike");
  await page.goto(new URL("#/item/181", page.url()).href);
  await page.getByTestId("why-row").nth(3).waitFor();
  const rows = await page.getByTestId("why-row").allInnerTexts();
  assert.equal(rows.length, 4);
  const shares = rows.map((row) => Number(/[+-][\d.]+$|0\.000$/.exec(row.replace("−", "-"))[0]));
  const [, total] = /Score ([+-][\d.]+)/.exec(await page.getByTestId("film").innerText());
  const sum = shares.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - Number(total)) <= 0.0005 * (rows.length + 1), `${shares} make ${sum}, not ${total}`);
  const sides = await page.evaluate(() => {
    const middle = (row) => row.querySelector(".bar").getBoundingClientRect();
    return [...document.querySelectorAll('[data-testid="why-row"]')].map((row) => ({
      name: row.firstChild.textContent,
      against: row.querySelector(".bar").classList.contains("against"),
      left: middle(row).left,
      right: middle(row).right,
    }));
  });
  const against = sides.filter(({ against }) => against);
  const forIt = sides.filter(({ against }) => !against);
  for (const left of against) for (const right of forIt) assert.ok(left.right <= right.left + 1, "to the left");
});

story("an opinion in a film's view changes the view and the shelf", {}, async ({ page, server }) => {
  await openAt(page, server, "#/item/50");
  await film(page).getByTestId("like").click();
  await film(page).locator('[data-testid="like"][aria-pressed="true"]').waitFor();
  await page.locator('[data-testid="mine-item"][data-item="50"]').waitFor({ state: "attached" });
  assert.ok(!(await shelf(page)).includes("50"));
});

story("a taste travels as a link, and is taken over on request alone", {}, async ({ page, context, server }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await judge(page, "toy story", "1", "dislike");
  await page.getByTestId("share").click();
  const link = await page.getByTestId("share-link").inputValue();
  const { hash } = new URL(link);
  assert.equal(hash, "#/taste?like=50&dislike=1");
  const other = await (await context.browser().newContext()).newPage();
  await openAt(other, server, hash);
  await other.getByTestId("taste").waitFor();
  assert.equal(await other.getByTestId("mine-item").count(), 0, "looking is not taking");
  await other.getByTestId("taste-take").click();
  await other.locator('[data-testid="mine-item"][data-item="1"][data-opinion="dislike"]').waitFor();
  assert.deepEqual(await shelf(other), await shelf(page), "the same taste, the same shelf");
  assert.equal(await other.getByTestId("taste").count(), 0);
  await other.context().close();
});

for (const hash of ["#/taste?", "#/taste?like=no-such,%00,%ff%,&like=&&=", `#/taste?like=${"x,".repeat(5000)}`, "#/x"]) {
  story(`a link of nonsense does no harm: ${hash.slice(0, 30)}`, {}, async ({ page, server }) => {
    await openAt(page, server, hash);
    if (hash.startsWith("#/taste")) await page.getByTestId("sheet").getByText("names no film").waitFor();
    assert.equal(await page.getByTestId("mine-item").count(), 0);
    await page.keyboard.press("Escape");
    await page.getByTestId("search").fill("star wars");
    await page.getByTestId("search-result").first().waitFor();
  });
}

story("the page speaks Chinese to those who do", { locale: "zh-CN" }, async ({ page }) => {
  await openPage(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh");
  assert.match(await page.locator("h1").innerText(), /口味/);
  await judge(page, "star wars", "50", "like");
  assert.match(await page.getByTestId("because").first().innerText(), /因为你喜欢/);
  await page.locator(rowOf("popular")).first().waitFor();
  const words = await page.evaluate(() => {
    document.querySelector("pre").remove();
    return document.body.innerText.match(/\b(undefined|because|shelf|like)\b/gi);
  });
  assert.equal(words, null, "nothing is left in English");
});

story("a language that was chosen stays", {}, async ({ page }) => {
  await openPage(page);
  await page.locator("#language").selectOption("zh");
  await page.waitForFunction(() => document.documentElement.lang === "zh");
  await ready(page);
  await page.reload();
  await ready(page);
  assert.equal(await page.locator("#language").inputValue(), "zh");
});

story("from right to left nothing is cut off", { viewport: { width: 360, height: 740 } }, async ({ page }) => {
  await openPage(page);
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await judge(page, "star wars", "50", "like");
  const hidden = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  assert.ok((await hidden()) <= 0);
  await page.goto(new URL("#/item/181", page.url()).href);
  await page.getByTestId("why-row").first().waitFor();
  assert.ok((await hidden()) <= 0);
});

story("the shelves for scenes come after the first likes, and hold no film that was judged", {}, async ({ page }) => {
  await openPage(page);
  for (const [title, id] of [
    ["star wars", "50"],
    ["toy story", "1"],
    ["fargo", "100"],
  ]) {
    await judge(page, title, id, "like");
  }
  for (const row of ["because", "gems", "different", "arrivals", "popular"]) {
    await page.locator(rowOf(row)).nth(3).waitFor({ state: "attached" });
  }
  const films = (row) => shelf(page, rowOf(row));
  for (const row of ["because", "gems", "different", "arrivals"]) {
    for (const id of ["50", "1", "100"]) assert.ok(!(await films(row)).includes(id), `${id} in ${row}`);
  }
  assert.ok((await films("popular")).includes("50"), "everybody gets it, told or not");
  const before = await films("different");
  await page.locator('[data-row="different"] button.quiet').click();
  await shelfIsNot(page, before, rowOf("different"));
});

story("storage that is refused is said, and the page goes on", {}, async ({ page, server }) => {
  // At its own address: parts of it that load later import it.
  const name = readdirSync(join(pageFolder(), "assets")).find((name) => /^worker.*\.js$/.test(name));
  server.files[`/assets/${name}`] = Buffer.from(
    `Object.defineProperty(globalThis, "indexedDB", { get() { return { open() { throw new Error("refused"); } }; } });
    ${readFileSync(join(pageFolder(), "assets", name), "utf8")}`,
  );
  await openAt(page, server, "");
  await page.locator('[data-testid="trouble"][data-code="storage"]').waitFor();
  await judge(page, "star wars", "50", "like");
});

story("a slow network: the page says how far it is", {}, async ({ page, server }) => {
  const bytes = modelBytes();
  let finish;
  replaceModel((response) => {
    response.setHeader("content-length", bytes.length);
    response.write(bytes.subarray(0, bytes.length / 2));
    finish = () => response.end(bytes.subarray(bytes.length / 2));
  });
  await page.goto(server.url);
  await page.getByTestId("status").getByText(/[1-5]\d % of 2\d\d/).waitFor();
  finish();
  await ready(page);
});

story("offline is said, and changes nothing", {}, async ({ page, context }) => {
  await openPage(page);
  await page.locator('[data-testid="requests"][data-count]').waitFor();
  await context.setOffline(true);
  await page.getByTestId("status").getByText(/offline/i).waitFor();
  await judge(page, "star wars", "50", "like");
});
