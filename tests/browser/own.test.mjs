// A visitor's own files: a list as history, a shop as a model, and files that mean harm. And learning live.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "../../www/node_modules/fflate/esm/index.mjs";
import { judge, openPage, shelf, shelfIs, shelfIsNot, story } from "./story.mjs";

async function openOwn(page) {
  await page.getByTestId("own").click();
  await page.getByTestId("own-file").waitFor({ state: "attached" });
}

const give = (page, name, text) =>
  page.getByTestId("own-file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

const look = (page) => page.getByTestId("own-look");

const told = (page) => page.getByTestId("own-told");

story("a list from elsewhere becomes history", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  const before = await shelf(page);
  const lines = ["Star Wars,1977,5", "Fargo,1996,4.5", "A Film Nobody Made,1999,3"];
  const films = lines.map((line) => `2024-01-01,${line.replace(/,([^,]*)$/, ",https://boxd.it/x,$1")}`);
  await give(page, "ratings.csv", ["Date,Name,Year,Letterboxd URI,Rating", ...films].join("\n"));
  await told(page).getByText("2 of 3").waitFor();
  await page.getByRole("heading", { name: "For you" }).waitFor();
  await shelfIsNot(page, before);
  assert.ok(!(await shelf(page)).includes("50"), "what was seen is no recommendation");
});

for (const [locale, wanted] of [
  ["en", /0 of 2 lines.*nothing has changed.*search/s],
  ["zh-CN", /2 行.*没有.*未作改动.*搜索/s],
]) {
  story(`a list of films that are not here changes nothing and says so, ${locale}`, { locale }, async ({ page }) => {
    await openPage(page);
    await openOwn(page);
    const before = await shelf(page);
    const lines = ["2024-01-01,Nobody Made It,1999,https://boxd.it/x,4", "2024-01-02,Nor This,2020,https://boxd.it/y,2"];
    const lists = [
      ["Date,Name,Year,Letterboxd URI,Rating", ...lines],
      ["userId,movieId,rating,timestamp", "7,900001,4.5,1700000000", "7,900002,1,1700000100"],
    ];
    for (const list of lists) {
      await give(page, "ratings.csv", list.join("\n"));
      await told(page).getByText(wanted).waitFor();
      assert.deepEqual(await shelf(page), before);
      await told(page).evaluate((told) => told.replaceChildren());
    }
  });
}

story("a table of a single user is that person's history", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  const before = await shelf(page);
  const seen = ["50,5,881250949", "181,4.5,881250950", "no-such-film,3,881250951", "172,5,881250952", "50,4,881250953"];
  const list = ["userId,movieId,rating,timestamp", ...seen.map((line) => `7,${line}`)].join("\n");
  await give(page, "ratings.csv", list);
  await told(page).getByText("3 of 4").waitFor();
  await shelfIsNot(page, before);
  const after = await shelf(page);
  for (const film of ["50", "181", "172"]) assert.ok(!after.includes(film), "what was seen is no recommendation");
  assert.equal(await page.getByTestId("shelf-item").first().locator(".because").count(), 1, "and brings others");
  assert.equal(await page.getByTestId("back").count(), 0, "no model was trained");
  await give(page, "ratings.csv", list);
  await told(page).getByText("known already").waitFor();
  assert.deepEqual(await shelf(page), after, "a list that is read twice counts once");
});

/** Clicks of two kinds of users on two kinds of things. */
function shop() {
  const lines = ["user,item,rating"];
  for (let user = 0; user < 60; user++) {
    for (let thing = 0; thing < 12; thing++) {
      if ((user * 7 + thing * 3) % 4) lines.push(`u${user},${user % 2 ? "tea" : "bike"}-${thing},5`);
    }
  }
  return lines.join("\n");
}

story("a whole shop becomes a model, in the page", {}, async ({ page, server }) => {
  await openPage(page);
  await openOwn(page);
  const asked = server.requests.filter((request) => request.startsWith("POST"));
  await give(page, "shop.csv", shop());
  await page.getByTestId("back").waitFor({ timeout: 60_000 });
  await page.locator('[data-testid="shelf-item"][data-item^="tea-"]').first().getByTestId("like").click();
  await page.getByTestId("because").first().waitFor();
  const [first] = await shelf(page);
  assert.match(first, /^tea-/, "who likes tea gets tea");
  assert.deepEqual(asked, []);
  await page.getByTestId("back").click();
  await page.locator('[data-testid="shelf-item"][data-item="50"]').waitFor();
});

/** Six users of four things, as the lines of a table. */
const few = (line) => Array.from({ length: 24 }, (_, at) => line(`u${at % 6}`, `i${Math.floor(at / 6)}`, at)).join("\n");
const utf16 = (text) => Buffer.from(`\ufeff${text}`, "utf16le");

/** Tables in many dialects, each of 24 interactions of 6 users and 4 items, and what is said of them besides. */
const DIALECTS = [
  ["a.csv", `customer_id,article_id,value,ts\n${few((u, i, at) => `${u},${i},4,${1508218672 + at}`)}`, /time=col 4 "ts" in seconds/],
  ["uid.csv", `uid;item;weight;datetime\n${few((u, i) => `${u};${i};4,5;31.05.2024`)}`, /decimal commas/],
  ["headerless.tsv", few((u, i, at) => `${u}\t${i}\t4.5\t${1508218672 + at}`), /no header/],
  ["clicks.ndjson", few((u, i) => JSON.stringify({ user_id: u, item_id: i, event: "click" })), /JSON/],
  ["excel.txt", utf16(`user\titem\r\n${few((u, i) => `${u}\t${i}`).replaceAll("\n", "\r\n")}`), /UTF-16LE/],
  ["latin.csv", Buffer.from(`user,item\n${few((u, i) => `${u},Caf\xe9 ${i}`)}`, "latin1"), /windows-1252/],
  ["r.tsv", `"user_id"\t"item_id"\n${few((u, i) => `"${u}"\t"${i}"`)}`, /tab/],
  ["twice.csv", `user,item\n${few((u, i, at) => `${at === 9 ? "user,item\n" : ""}${u},${i}`)}`, /1 repeated headers left out/],
  ["shop.zip", Buffer.from(zipSync({ "r.csv": strToU8(`user,item\n${few((u, i) => `${u},${i}`)}`) })), /zip/],
];

story("tables in the dialects of people's tools are read as the command reads them", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  for (const [name, bytes, said] of DIALECTS) {
    await give(page, name, bytes);
    await look(page).getByText(said).waitFor({ state: "attached", timeout: 60_000 });
    await look(page).getByText("24 interactions of 6 users and 4 items").waitFor({ state: "attached" });
    await told(page).getByText(/^Learned 4 items/).waitFor({ timeout: 60_000 });
  }
});

story("a file is shown with what each column was taken for", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  await give(page, "s.csv", `member,sku,stars\n${few((u, i) => `${u},${i},4`)}`);
  await told(page).getByText(/^Learned 4 items/).waitFor({ timeout: 60_000 });
  await look(page).locator("summary").click();
  assert.deepEqual(await look(page).locator("th").allTextContents(), ["member user", "sku item", "stars value"]);
  assert.equal(await look(page).locator("tbody tr").count(), 5);
});

story("Letterboxd's archive is taken as it comes", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  const head = "Date,Name,Year,Letterboxd URI";
  const files = {
    "watched.csv": `${head}\n2024-01-01,Star Wars,1977,u\n2024-01-02,Fargo,1996,u\n`,
    "watchlist.csv": `${head}\n2024-01-03,Heat,1995,u\n`,
    "ratings.csv": `${head},Rating\n2024-01-01,Star Wars,1977,u,5\n2024-01-01,A Film Nobody Made,1999,u,5\n`,
    "likes/films.csv": `${head}\n2024-01-02,Fargo,1996,u\n`,
    "deleted/diary.csv": `${head}\n2024-01-02,Alien,1979,u\n`,
  };
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
  await give(page, "letterboxd.zip", zip);
  await told(page).getByText(/2 of 3 lines.*line 3 A Film Nobody Made \(1999\)/s).waitFor();
});

for (const [name, text, said] of [
  ["nothing", "", /the file is empty/],
  ["no columns that mean anything", "a,b\n1,2\n", /expected columns of users and items.*found a, b/s],
  ["bytes of an image", "\u0089PNG\r\n\u0000\u0000\uffff,\n\u0000", /neither text nor a format that is known/],
  ["quotes that never end", `user,item\n"a,${"x".repeat(10_000)}`, /expected 2 fields/],
  ["a web page", "<!doctype html><title>Sign in</title>", /a web page \(HTML\), not a table/],
]) {
  story(`a file of ${name} is refused with words`, {}, async ({ page }) => {
    await openPage(page);
    await openOwn(page);
    const before = await shelf(page);
    await give(page, "bad.csv", text);
    await told(page).getByText(said).waitFor();
    assert.deepEqual(await shelf(page), before);
  });
}

story("a list of wishes is none of what was seen", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  const before = await shelf(page);
  await give(page, "watchlist.csv", "Date,Name,Year,Letterboxd URI\n2024-01-03,Star Wars,1977,u\n");
  await told(page).getByText(/a list of wishes/).waitFor();
  assert.deepEqual(await shelf(page), before);
});

story("markup in a shop's ids is only text", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  const lines = Array.from({ length: 40 }, (_, i) => `u${i % 8},<img src=x onerror=alert(${i % 5})>`);
  await give(page, "<img src=x>.csv", ["user,item", ...lines].join("\n"));
  await page.getByTestId("back").waitFor({ timeout: 60_000 });
  await page.getByTestId("shelf-item").first().getByText("<img").first().waitFor();
  assert.equal(await page.locator("img").count(), 0);
});

story("learning live draws its loss and compares the shelf", {}, async ({ page }) => {
  await openPage(page);
  await judge(page, "star wars", "50", "like");
  await judge(page, "toy story", "1", "dislike");
  await openOwn(page);
  const before = await shelf(page);
  await page.getByTestId("learn").click();
  await page.getByTestId("learn-told").getByText("Done").waitFor();
  assert.equal(await page.getByTestId("loss").getAttribute("data-epochs"), "30");
  assert.equal(await page.locator(".before-after li").count(), 20);
  await page.getByRole("button", { name: "Forget it" }).click();
  await shelfIs(page, before);
});

story("a file that is gone before it is read says so", {}, async ({ page }) => {
  await openPage(page);
  await openOwn(page);
  const folder = mkdtempSync(join(tmpdir(), "foldin-"));
  const path = join(folder, "ratings.csv");
  writeFileSync(path, "userId,movieId\n1,50\n");
  // Chosen elsewhere first: what is chosen here is read at once.
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "other" })));
  await page.locator("#other").setInputFiles(path);
  rmSync(folder, { recursive: true });
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(document.querySelector("#other").files[0]);
    document.querySelector(".drop").dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
  });
  await told(page).getByText(/could not be (found|read)/).waitFor({ timeout: 5000 });
});
