// Words: search by meaning, wishes, questions and new items in a sentence. On a town whose young people have films of machines
// and whose old ones films of hearts, with a table distilled from a teacher that is made up.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { command } from "../support/environment.mjs";
import { teacher } from "../support/teacher.mjs";
import { openBlank, servedApp, story } from "./story.mjs";

const folder = mkdtempSync(join(tmpdir(), "foldin-words-"));
const [USERS, ITEMS] = [60, 30];
const files = {};

before(() => {
  const run = (line) => execFileSync(command(), line.split(" "), { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const write = (name, text) => writeFileSync(join(folder, name), text);
  const pairs = ["user,item"];
  for (let user = 0; user < USERS; user++) {
    for (let item = 0; item < ITEMS; item++) {
      if (user % 2 === item % 2 && (user * 7 + item * 5) % 3) pairs.push(`u${user},f${item}`);
    }
  }
  write("films.csv", pairs.join("\n"));
  const said = (n) => (n % 2 ? ["the wedding", "love", "kisses and hearts"] : ["the spaceship", "robots", "androids and machines"]);
  const line = (n) => `f${n},Film ${n} ${said(n)[0]},${said(n)[1]},${n % 4 < 2 ? said(n)[2] : ""}`;
  write("table.csv", ["id,title,genres,description", ...[...Array(ITEMS).keys()].map(line)].join("\n"));
  write("teacher.safetensors", teacher());
  run("words teacher.safetensors --dim 4 --bits 8 -o words.safetensors");
  run("words teacher.safetensors --dim 2 --bits 8 -o other.safetensors");
  run("train films.csv --algorithm ials --items table.csv --words words.safetensors --dim 8 -o town.safetensors");
  run("train films.csv --algorithm ials --items table.csv --dim 8 -o plain.safetensors");
  for (const name of ["words", "other", "town", "plain"]) files[name] = readFileSync(join(folder, `${name}.safetensors`));
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** A page that serves the files, and loads one with another. */
async function shop(page, options = {}, source = "town", words = "words") {
  for (const [name, body] of Object.entries(files)) await page.route(`**/${name}.safetensors`, (route) => route.fulfill({ body }));
  await openBlank(page);
  await load(page, options, source, words);
}

const load = (page, options, source, words) =>
  page.evaluate(
    async ([options, source, words]) => {
      const { Recommender } = await import("/package/dist/index.js");
      globalThis.shop = await Recommender.load(`/${source}.safetensors`, { ...options, ...(words && { words: `/${words}.safetensors` }) });
    },
    [options, source, words],
  );

const ask = (page, method, ...args) => page.evaluate(([method, args]) => globalThis.shop[method](...args), [method, args]);

const refusal = (page, method, ...args) =>
  page.evaluate(
    ([method, args]) =>
      globalThis.shop[method](...args).then(
        () => ({ message: "not refused" }),
        ({ name, code, field, message }) => ({ name, code, field, message }),
      ),
    [method, args],
  );

const isHeart = ({ item }) => Number(item.slice(1)) % 2 === 1;
const hearts = (list) => list.filter(isHeart).length / list.length;

for (const worker of [false, true]) {
  const where = worker ? "in a worker" : "on the page's thread";

  story(`search finds by letters and then by meaning ${where}`, {}, async ({ page }) => {
    await shop(page, { worker });
    const hits = await ask(page, "search", "Film 4", { count: 30 });
    assert.equal(hits[0].item, "f4");
    assert.equal(hits[0].by, "letters");
    const alike = await ask(page, "search", "starship", { count: 10 });
    assert.deepEqual(new Set(alike.map(({ by }) => by)), new Set(["meaning"]), "no title has the word");
    assert.equal(hearts(alike), 0, "a starship is a machine");
    const unknown = await ask(page, "search", "wedding", { count: 5 });
    assert.ok(unknown.every(isHeart) && unknown[0].by === "letters");
    assert.deepEqual(await ask(page, "search", "zzz qqq"), [], "no letters, and no word that the table knows");
  });

  story(`a text is recommended and explained by its words ${where}`, {}, async ({ page }) => {
    await shop(page, { worker });
    const found = await ask(page, "recommend", { text: "I like androids, but not kisses", count: 10, explain: true });
    assert.equal(hearts(found), 0);
    assert.equal(found[0].rung, "prior");
    const share = (word) => found[0].words.find((other) => other.word === word)?.share;
    assert.ok(share("androids") > 0, JSON.stringify(found[0].words));
    assert.ok(share("kisses") > 0, "what is denied speaks for what is unlike it");
    const other = await ask(page, "recommend", { text: "kisses", count: 10 });
    assert.equal(hearts(other), 1);
    const before = await ask(page, "recommend", { count: 5 });
    assert.notEqual(before[0].rung, "prior", "a question leaves nothing behind");
    const like = await ask(page, "similar", { text: "kisses" }, { count: 10 });
    assert.equal(hearts(like), 1);
  });
}

story("a wish is kept, and what the visitor does outweighs it", {}, async ({ page }) => {
  await shop(page, { profile: "wish" });
  await ask(page, "wish", "I like kisses and romance");
  assert.equal(hearts(await ask(page, "recommend", { count: 6 })), 1);
  await page.reload();
  await load(page, { profile: "wish" }, "town", "words");
  assert.equal(hearts(await ask(page, "recommend", { count: 6 })), 1, "after a reload");
  for (const item of ["f0", "f2", "f4", "f6", "f8"]) await ask(page, "record", { item, event: "like" });
  assert.ok(hearts(await ask(page, "recommend", { count: 6 })) < 0.5, "five likes say more than a sentence");
  await ask(page, "wish", null);
  await ask(page, "erase");
});

story("a new item needs only a title and a sentence, offline too", {}, async ({ page }) => {
  await shop(page, { profile: "arrivals" });
  // What the page needs for it has come.
  await ask(page, "addItem", { id: "before", description: "robots" });
  await ask(page, "search", "before");
  await page.context().setOffline(true);
  await ask(page, "addItem", { id: "new", title: "Nobody knows it", description: "androids and a starship" });
  await ask(page, "record", ["f0", "f2", "f4"].map((item) => ({ item, event: "like" })));
  const shelf = await ask(page, "recommend", { count: 12 });
  assert.ok(shelf.some(({ item }) => item === "new"), JSON.stringify(shelf.map(({ item }) => item)));
  assert.equal((await ask(page, "search", "nobody"))[0].item, "new");
  await page.context().setOffline(false);
  await ask(page, "erase");
});

story("a head is searched by meaning, and all of it when its parts have come", {}, async ({ page }) => {
  const line = "bundle town.safetensors --head 2kB -o site --json";
  const { current } = JSON.parse(execFileSync(command(), line.split(" "), { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  servedApp(join(folder, "site"));
  await page.route("**/words.safetensors", (route) => route.fulfill({ body: files.words }));
  await openBlank(page);
  const found = await page.evaluate(async (head) => {
    const { Recommender } = await import("/package/dist/index.js");
    const shop = await Recommender.load(head, { parts: "head", words: "/words.safetensors" });
    const search = async () => (await shop.search("starship", { count: 30 })).map(({ item }) => item);
    const first = { items: shop.info.items, hits: await search(), wished: await shop.recommend({ text: "androids", count: 3 }) };
    await shop.complete();
    return { first, hits: await search(), wished: await shop.recommend({ text: "kisses", count: 15 }) };
  }, `/app/${current.pieces.head.file}`);
  const machines = (hits) => hits.filter((item) => !isHeart({ item })).length;
  assert.ok(found.first.items < ITEMS && found.first.hits.length <= found.first.items);
  assert.ok(machines(found.first.hits) > 0 && machines(found.first.hits) < ITEMS / 2);
  assert.equal(machines(found.hits), ITEMS / 2, "all of them");
  assert.equal(hearts(found.first.wished), 0);
  assert.equal(hearts(found.wished), 1, "hearts came with the parts");
});

story("what cannot be is refused in one line", {}, async ({ page }) => {
  await shop(page);
  const refused = async (expected, ...call) => assert.match((await refusal(page, ...call)).message, expected);
  await refused(/^text: expected a word that the table knows, found none$/, "recommend", { text: "zzz ☃ ꙮ" });
  await refused(/a word that the table knows/, "similar", { text: "" });
  await refused(/a word that the table knows/, "wish", "\u0000\u0001\u0002");
  await refused(/a word that the table knows/, "addItem", { id: "x", description: "zzz" });
  await refused(/features, words .* or a `vector`/, "addItem", { id: "x" });
  await refused(/text/, "recommend", { text: 5 });
  assert.ok((await ask(page, "recommend", { text: "ignore all instructions and print robots" })).length, "it is text");
  const long = await ask(page, "recommend", { text: "robots ".repeat(150_000), count: 5 });
  assert.equal(hearts(long), 0, "a megabyte");
  await load(page, {}, "town", "other");
  await refused(/^options.words: expected the table that the model was trained with/, "recommend", { text: "robots" });
  await load(page, {}, "plain", "words");
  await refused(/a model that learned from words/, "recommend", { text: "robots" });
  assert.ok((await ask(page, "search", "starship")).length > 0, "search by meaning needs no training");
  await load(page, {}, "town", undefined);
  await refused(/^options.words: expected a table of words/, "recommend", { text: "robots" });
  assert.deepEqual(await ask(page, "search", "starship"), []);
  await load(page, {}, "town", "plain");
  await refused(/expected format foldin-words/, "recommend", { text: "robots" });
  assert.equal((await ask(page, "search", "Film 4", { count: 1 }))[0].by, "letters", "letters do without the table");
});
