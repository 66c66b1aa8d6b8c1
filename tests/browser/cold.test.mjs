// Nobody known yet: what is asked first, items that a page adds, what visitors say of themselves, and where else they
// are known. On MovieLens 100K, and on a town whose young people have even things and whose old ones odd ones.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { command } from "../support/environment.mjs";
import { judge, openBlank, openPage, ready, replaceModel, rowOf, shelf, story } from "./story.mjs";

const folder = mkdtempSync(join(tmpdir(), "foldin-cold-"));
const [USERS, ITEMS] = [60, 30];
let town;
let books;
/** Knows neither traits nor questions. */
let pairwise;

before(() => {
  const write = (name, lines) => writeFileSync(join(folder, name), lines.join("\n"));
  const pairs = (letter) => {
    const lines = ["user,item"];
    for (let user = 0; user < USERS; user++) {
      for (let item = 0; item < ITEMS; item++) {
        if (user % 2 === item % 2 && (user * 7 + item * 5) % 3) lines.push(`u${user},${letter}${item}`);
      }
    }
    return lines;
  };
  const numbers = [...Array(USERS).keys()];
  write("films.csv", pairs("f"));
  write("books.csv", pairs("b"));
  write("table.csv", ["id,title,genres", ...numbers.slice(0, ITEMS).map((n) => `f${n},Film ${n},${n % 2 ? "odd" : "even"}`)]);
  write("people.csv", ["id,age,job", ...numbers.map((n) => `u${n},${n % 2 ? 60 : 20},${n % 2 ? "smith" : "baker"}`)]);
  const train = (line) => execFileSync(command(), ["train", "--algorithm", ...line.split(" ")], { cwd: folder });
  train("bpr books.csv --dim 2 --epochs 1 -o pairwise.safetensors");
  train("ials books.csv --dim 6 -o books.safetensors");
  train("ials films.csv --items table.csv --users people.csv --dim 8 -o town.safetensors --transfer-from books.safetensors --shared-users books.csv");
  [books, town, pairwise] = ["books", "town", "pairwise"].map((name) => readFileSync(join(folder, `${name}.safetensors`)));
});

after(() => rmSync(folder, { recursive: true, force: true }));

const load = (page, options = {}, source = "/movies.safetensors") =>
  page.evaluate(
    async ([options, source]) => {
      const { Recommender } = await import("/package/dist/index.js");
      globalThis.shop = await Recommender.load(source, options);
    },
    [options, source],
  );

const ask = (page, method, ...args) =>
  page.evaluate(([method, args]) => globalThis.shop[method](...args), [method, args]);

/** The error of a call on the page's `shop`. */
const refusal = (page, method, ...args) =>
  page.evaluate(
    ([method, args]) =>
      globalThis.shop[method](...args).then(
        () => ({ name: "none" }),
        ({ name, code, field, message }) => ({ name, code, field, message }),
      ),
    [method, args],
  );

const ids = (list) => list.map(({ item }) => item);
const isOdd = ({ item }) => Number(item.slice(1)) % 2 === 1;
const oddShare = (list) => list.filter(isOdd).length / list.length;
const film = { id: "new", title: "Brand New", features: { genres: ["Sci-Fi", "Action", "Adventure"], year: 1990 } };

story("onboarding asks what tells most, and nothing twice", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { worker: true });
  const questions = await ask(page, "onboarding", { count: 6 });
  assert.equal(new Set(ids(questions)).size, 6);
  assert.ok(questions.every(({ title }) => title));
  await ask(page, "record", { item: questions[0].item, event: "like" });
  const next = await ask(page, "onboarding", { count: 6 });
  assert.ok(!ids(next).includes(questions[0].item));
  assert.equal((await refusal(page, "onboarding", { count: 0 })).field, "options.count");
});

story("the rung says what answered", {}, async ({ page }) => {
  await openBlank(page);
  await load(page);
  const rung = async () => new Set((await ask(page, "recommend", {})).map(({ rung }) => rung));
  assert.deepEqual(await rung(), new Set(["trending"]));
  await ask(page, "record", { item: "50", event: "dislike" });
  assert.deepEqual(await rung(), new Set(["trending"]));
  await ask(page, "record", { item: "181", event: "like" });
  assert.deepEqual(await rung(), new Set(["personal"]));
  assert.ok((await ask(page, "similar", "50")).every(({ rung }) => rung === undefined));
  const bare = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const factors = Float32Array.from({ length: 60 }, (_, at) => Math.sin(at));
    return (await Recommender.fromFactors({ factors, dim: 3 })).recommend({ count: 2 });
  });
  assert.deepEqual(bare.map(({ rung }) => rung), ["diverse", "diverse"]);
});

for (const worker of [false, true]) {
  story(`an added film is recommended at once and after a reload, ${worker ? "in a worker" : "on the page"}`, {}, async ({ page }) => {
    await openBlank(page);
    const options = { worker, profile: "shop" };
    await load(page, options);
    // Star Wars, Return of the Jedi, The Empire Strikes Back.
    await ask(page, "record", ["50", "181", "172"].map((item) => ({ item, event: "like" })));
    const before = await ask(page, "recommend", { count: 200 });
    await ask(page, "addItem", film);
    const place = async () => ids(await ask(page, "recommend", { count: 200 })).indexOf("new");
    const at = await place();
    assert.ok(at >= 0 && at < 150, `at ${at} of a catalogue of 1682`);
    const others = ids(await ask(page, "recommend", { count: 60 })).filter((item) => item !== "new");
    const stay = others.filter((item) => ids(before).slice(0, 60).includes(item));
    assert.ok(stay.length >= 55, `${stay.length} of 60 others stand where they stood`);
    const { title, tags, numbers } = await ask(page, "item", "new");
    assert.deepEqual([title, tags.genres.toSorted(), numbers.year], [film.title, film.features.genres.toSorted(), 1990]);
    assert.equal((await ask(page, "search", "brand new"))[0].item, "new");
    await ask(page, "record", { item: "new", event: "like" });
    await page.reload();
    await load(page, options);
    assert.deepEqual(await ask(page, "addedItems"), [{ id: "new", title: "Brand New" }]);
    assert.ok((await ask(page, "events")).some(({ item }) => item === "new"), "events on it survive, too");
    await ask(page, "forget", "new");
    assert.equal(await place(), at);
    await ask(page, "removeItem", "new");
    await ask(page, "removeItem", "50");
    await page.reload();
    await load(page, options);
    for (const id of ["new", "50"]) assert.equal((await refusal(page, "item", id)).code, "unknown-item");
    assert.deepEqual(await ask(page, "addedItems"), []);
    await load(page, { ...options, profile: "another" });
    assert.equal((await ask(page, "item", "50")).title, "Star Wars", "another profile has its own");
  });
}

story("what cannot be added is refused by name, and changes nothing", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { worker: true, profile: "strict" });
  const { features } = film;
  const cases = [
    [{ ...film, id: "50" }, "id", /remove that item first/],
    [{ ...film, id: "" }, "item.id", /./],
    [{ id: "x" }, "item.features", /vector/],
    [{ id: "x", feature: {} }, "item.feature", /only id, title/],
    [{ id: "x", features: { ...features, genres: ["Sci-Fy"] } }, "features", /Sci-Fi.*Sci-Fy/],
    [{ id: "x", features: { year: 1990 } }, "features", /genres/],
    [{ id: "x", features: { ...features, mood: "gay" } }, "features", /mood/],
    [{ id: "x", features: { ...features, year: "soon" } }, "features", /finite number/],
    [{ id: "x", features: { ...features, year: Number.NaN } }, "features", /finite number/],
    [{ id: "x", features: { ...features, year: {} } }, "item.features.year", /./],
  ];
  for (const [item, field, message] of cases) {
    const found = await refusal(page, "addItem", item);
    assert.equal(found.field, field, JSON.stringify([item, found]));
    assert.match(found.message, message);
  }
  const vectors = await page.evaluate(async () => {
    const { shop } = globalThis;
    const add = (more) => shop.addItem({ id: "x", ...more }).catch(({ field }) => field);
    const { dim } = shop.info;
    return [
      await add({ vector: new Float32Array(dim - 1) }),
      await add({ vector: new Float32Array(dim).fill(Number.NaN) }),
      await add({ features: { genres: ["Drama"], year: null }, embedding: new Float32Array(384) }),
      await add({ vector: new Float32Array(dim).fill(0.1) }),
    ];
  });
  assert.deepEqual(vectors, ["vector", "vector", "embedding", undefined]);
  assert.equal((await refusal(page, "removeItem", "no-such-film")).code, "unknown-item");
  assert.deepEqual(await ask(page, "addedItems"), [{ id: "x" }]);
  const many = await page.evaluate(async (features) => {
    const { shop } = globalThis;
    await Promise.all(["a", "b", "c", "d"].map((id) => shop.addItem({ id, features })));
    const twice = await Promise.allSettled(["e", "e"].map((id) => shop.addItem({ id, features })));
    return [shop.info.items, twice.map(({ status }) => status)];
  }, features);
  assert.deepEqual(many, [1682 + 6, ["fulfilled", "rejected"]], "at once, none is lost or doubled");
});

story("a newer model takes added films over, by their features; vectors of another length wait", {}, async ({ page }) => {
  await openBlank(page);
  replaceModel(town);
  await load(page, { worker: true, profile: "update" });
  await page.evaluate(async () => {
    const { shop } = globalThis;
    globalThis.told = [];
    shop.on("items", ({ info, refused }) => globalThis.told.push({ items: info.items, refused: refused.map(({ id }) => id) }));
    await shop.addItem({ id: "by features", features: { genres: "odd" } });
    await shop.addItem({ id: "by vector", vector: new Float32Array(shop.info.dim).fill(0.2) });
    await shop.removeItem("f0");
  });
  execFileSync(command(), "train films.csv --items table.csv --dim 10 -o wider.safetensors".split(" "), { cwd: folder });
  replaceModel(readFileSync(join(folder, "wider.safetensors")));
  await ask(page, "update");
  assert.equal((await ask(page, "item", "by features")).tags.genres[0], "odd");
  assert.equal((await refusal(page, "item", "by vector")).code, "unknown-item");
  assert.equal((await refusal(page, "item", "f0")).code, "unknown-item");
  assert.deepEqual(await page.evaluate(() => globalThis.told.at(-1)), { items: ITEMS, refused: ["by vector"] });
  const resting = (await ask(page, "addedItems")).find(({ id }) => id === "by vector");
  assert.match(resting.refused, /10 numbers.*found 8/);
  replaceModel(town);
  await ask(page, "update");
  assert.equal((await ask(page, "item", "by vector")).item, "by vector", "back with the model that it fits");
});

story("two tabs keep in step in what they add and believe", {}, async ({ page, context }) => {
  const other = await context.newPage();
  replaceModel(town);
  for (const tab of [page, other]) {
    await openBlank(tab);
    await load(tab, { worker: true, profile: "tabs" });
  }
  await ask(page, "addItem", { id: "shared", title: "Shared", features: { genres: "odd" } });
  await other.waitForFunction(() => globalThis.shop.item("shared").then(() => true, () => false));
  await ask(other, "record", { item: "shared", event: "like" });
  await page.waitForFunction(async () => (await globalThis.shop.events()).length === 1);
  await ask(other, "removeItem", "shared");
  await page.waitForFunction(() => globalThis.shop.item("shared").then(() => false, () => true));
  await ask(page, "erase");
  await ask(page, "traits", { age: 60 });
  await other.waitForFunction(async () => (await globalThis.shop.recommend())[0].rung === "prior");
  await ask(other, "erase");
  await page.waitForFunction(async () => (await globalThis.shop.recommend())[0].rung === "popular");
});

story("traits are a first guess that events correct, kept with the profile and erased with it", {}, async ({ page }) => {
  await openBlank(page);
  replaceModel(town);
  await load(page, { worker: true, profile: "ann" });
  const shelf = () => ask(page, "recommend", { count: 8 });
  assert.equal((await shelf())[0].rung, "popular");
  await ask(page, "traits", { age: 62 });
  assert.deepEqual([oddShare(await shelf()), (await shelf())[0].rung], [1, "prior"]);
  await page.reload();
  await load(page, { worker: true, profile: "ann" });
  assert.equal(oddShare(await shelf()), 1);
  const file = await ask(page, "exportProfile");
  await ask(page, "record", ["f0", "f2", "f4", "f6"].map((item) => ({ item, event: "like" })));
  assert.deepEqual([oddShare((await shelf()).slice(0, 5)), (await shelf())[0].rung], [0, "personal"]);
  await ask(page, "erase");
  assert.equal((await shelf())[0].rung, "popular");
  await page.reload();
  await load(page, { worker: true, profile: "ann" });
  assert.equal((await shelf())[0].rung, "popular", "nothing is left of it");
  assert.deepEqual(await ask(page, "importProfile", file), { added: 0, resting: 0 });
  assert.equal(oddShare(await shelf()), 1);
  await ask(page, "traits", null);
  assert.equal((await shelf())[0].rung, "popular");
  const wrong = [{ job: "king" }, { height: 180 }, { age: "old" }];
  for (const traits of wrong) assert.equal((await refusal(page, "traits", traits)).field, "traits", JSON.stringify(traits));
  assert.equal((await refusal(page, "traits", 30)).name, "TypeError");
  replaceModel(pairwise);
  await load(page, { worker: true });
  for (const [method, ...given] of [["traits", { age: 62 }], ["onboarding"]]) {
    const { code, field, message } = await refusal(page, method, ...given);
    assert.deepEqual([code, field], ["unsupported", undefined], message);
    assert.match(message, method === "traits" ? /no traits; .*--users/ : /no onboarding; .*--algorithm next or ials/);
  }
});

story("a visitor of the bookshop is known among the films", {}, async ({ page, server }) => {
  await openBlank(page);
  replaceModel(town);
  server.files["/books.safetensors"] = books;
  await load(page, { worker: true, profile: "films" });
  const [known, ...wrong] = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const bookshop = await Recommender.load("/books.safetensors");
    await bookshop.record(["b1", "b3", "b5"].map((item) => ({ item, event: "like" })));
    const { shop } = globalThis;
    await shop.transfer(bookshop);
    const shelf = await shop.recommend({ count: 8 });
    const refused = (profile) => shop.transfer(profile).catch(({ name, code, field, message }) => ({ name, at: code ?? field, message }));
    return [
      shelf,
      await refused(new Float32Array(9)),
      await refused(new Float32Array(6).fill(Number.NaN)),
      await refused({}),
      await bookshop.transfer(shop).catch(({ name, code, field, message }) => ({ name, at: code ?? field, message })),
    ];
  });
  assert.deepEqual([oddShare(known), known[0].rung], [1, "prior"]);
  assert.deepEqual(wrong.map(({ name, at }) => `${name} ${at}`), [
    "RangeError vector",
    "RangeError profile",
    "TypeError profile",
    "FoldinError unsupported",
  ]);
  assert.match(wrong[0].message, /6 numbers.*found 9/);
  await page.reload();
  await load(page, { worker: true, profile: "films" });
  assert.equal(oddShare(await ask(page, "recommend", { count: 8 })), 1, "what was handed over stays with the profile");
});

story("what anybody is like is believed when the page asks for it", {}, async ({ page }) => {
  await openBlank(page);
  await load(page, { worker: true, prior: true });
  assert.equal((await ask(page, "recommend"))[0].rung, "prior");
  const refused = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const input = { factors: new Float32Array(6), dim: 3 };
    return Recommender.fromFactors(input, { prior: true }).catch(({ name, field }) => `${name} ${field}`);
  });
  assert.equal(refused, "RangeError prior");
});

story("a film joins the page by its title and genres", {}, async ({ page }) => {
  await openPage(page);
  await page.locator(rowOf("telling")).nth(3).waitFor();
  for (const [title, id] of [["star wars", "50"], ["aliens", "176"], ["terminator, the", "195"]]) {
    await judge(page, title, id, "like");
  }
  await page.locator('[data-row="telling"]').waitFor({ state: "hidden" });
  await page.getByTestId("own").click();
  const hostile = `<img src=x onerror="document.title='taken'"> & "Film"`;
  await page.getByTestId("new-title").fill(hostile);
  await page.getByTestId("new-year").fill("1991");
  for (const genre of ["Sci-Fi", "Action", "Thriller"]) await page.getByTestId("new-genre").filter({ hasText: genre }).click();
  // The rows are above the form: made anew, they would move it.
  const gems = page.locator('[data-row="gems"]');
  await gems.evaluate((section) => (section.dataset.seen = "true"));
  await page.getByTestId("new-add").click();
  await page.getByTestId("new-told").getByText(hostile).waitFor();
  const card = page.locator(rowOf("arrivals")).first();
  await card.getByText(hostile).waitFor();
  assert.equal(await gems.getAttribute("data-seen"), "true");
  assert.notEqual(await page.title(), "taken");
  await page.reload();
  await ready(page);
  await page.getByTestId("own").click();
  await page.getByTestId("new-item").getByText(hostile).waitFor();
  await page.getByTestId("search").fill("onerror");
  await page.getByTestId("search-result").first().waitFor();
  await page.getByTestId("search").fill("");
  await page.getByTestId("new-remove").click();
  await page.getByTestId("new-item").waitFor({ state: "detached" });
  assert.ok((await shelf(page)).length >= 12);
});
