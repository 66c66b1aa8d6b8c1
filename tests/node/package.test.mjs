// The built package in Node.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { importPackage, modelBytes, modelPath, packageFolder } from "../support/environment.mjs";
import { assertSameRanking, likedSets, nativeTop } from "../support/liked.mjs";
import { brokenModels, flippedEverywhere } from "../support/models.mjs";

const { FoldinError, Recommender } = await importPackage();
const good = modelBytes();

/** Users who like every item of their parity but one: that one must come first. */
function checkerboard(size) {
  const rows = Array.from({ length: size }, (_, user) =>
    Array.from({ length: size }, (_, item) => user % 2 === item % 2 && user !== item),
  );
  return { rows, ids: rows.map((_, item) => `item-${item}`) };
}

for (const precision of ["f32", "f16", "int8", "int4"]) {
  test(`checkerboard: the withheld diagonal comes first, ${precision}`, async () => {
    const { rows, ids } = checkerboard(20);
    // Two groups of items, each along an axis of its own; a little of the item itself tells neighbours apart.
    const dim = 2;
    const factors = Float32Array.from(ids.flatMap((_, item) => (item % 2 ? [0, 1] : [1, 0])));
    const shop = await Recommender.fromFactors({ factors, dim, ids, precision });
    assert.equal(shop.info.precision, precision);
    for (const [user, row] of rows.entries()) {
      await shop.record(ids.filter((_, item) => row[item]).map((item) => ({ item, event: "like" })));
      const [first] = await shop.recommend({ count: 1 });
      assert.equal(first.item, ids[user]);
      await shop.forget(ids);
    }
    await shop.close();
  });
}

test("loads from bytes, an address and a path alike", async () => {
  const sources = [good, good.buffer, pathToFileURL(modelPath()), pathToFileURL(modelPath()).href, modelPath()];
  const shelves = sources.map(async (source) => {
    const shop = await Recommender.load(source);
    await shop.record({ item: "50", event: "like" });
    return shop.recommend({ count: 5, explain: true });
  });
  const [first, ...others] = await Promise.all(shelves);
  assert.equal(first.length, 5);
  for (const { because } of first) assert.equal(because[0].item, "50");
  for (const other of others) assert.deepEqual(other, first);
});

test("tells what is known of an item, and finds it by its title", async () => {
  const shop = await Recommender.load(good);
  const film = await shop.item("50");
  assert.equal(film.title, "Star Wars");
  assert.equal(film.numbers.year, 1977);
  assert.ok(film.tags.genres.includes("Sci-Fi"));
  assert.deepEqual((await shop.search("STAR wárs", { count: 1 }))[0], { ...film, by: "letters" });
  assert.equal((await shop.similar("50", { count: 3 })).length, 3);
  const ranked = await shop.rank(["1", "50", "181"]);
  assert.deepEqual(ranked.map(({ item }) => item).toSorted(), ["1", "181", "50"]);
});

test("recommends for a vector of one's own, without what is excluded", async () => {
  const factors = new Float32Array([3, 0, 2, 0, 1, 0, 0, 1]);
  const shop = await Recommender.fromFactors({ factors, dim: 2, precision: "f32" });
  const found = await shop.recommend({ vector: new Float32Array([1, 0]), count: 2, exclude: ["1"] });
  assert.deepEqual(
    found.map(({ item, score }) => [item, score]),
    [
      ["0", 3],
      ["2", 1],
    ],
  );
});

test("top 20 as the native command", async () => {
  const shop = await Recommender.load(good);
  const ids = (await shop.recommend({ count: shop.info.items })).map(({ item }) => item);
  for (const liked of likedSets(ids)) {
    await shop.forget((await shop.events()).map(({ item }) => item));
    await shop.record(liked.map((item) => ({ item, event: "like" })));
    assertSameRanking(await shop.recommend({ count: 20 }), nativeTop(liked, 20));
  }
});

test("science fiction brings mostly science fiction and adventure", async () => {
  const shop = await Recommender.load(good);
  // Star Wars, Aliens, Terminator 2.
  await shop.record(["50", "176", "96"].map((item) => ({ item, event: "like" })));
  const shelf = await shop.recommend({ count: 12 });
  const fitting = shelf.filter(({ tags }) => tags.genres.some((genre) => ["Sci-Fi", "Adventure"].includes(genre)));
  assert.ok(fitting.length > 6, shelf.map(({ title, tags }) => `${title} (${tags.genres})`).join("; "));
});

for (const { name, bytes, code } of brokenModels(good)) {
  test(`a model file ${name} is refused with a remedy`, async () => {
    const error = await Recommender.load(bytes).then(
      () => undefined,
      (error) => error,
    );
    assert.ok(error instanceof FoldinError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, /expected .*found .*; /s);
  });
}

test("any single bit may flip: a typed error or a model, never a trap", async () => {
  const codes = new Set();
  for (const { bit, bytes } of flippedEverywhere(good, 300)) {
    try {
      const shop = await Recommender.load(bytes);
      await shop.recommend();
      await shop.close();
      codes.add("opened");
    } catch (error) {
      assert.ok(["format", "version"].includes(error.code), `bit ${bit}: ${error.code} ${error}`);
      codes.add(error.code);
    }
  }
  assert.ok(codes.has("format") && codes.has("opened"));
});

test("a header that claims more than there can be costs no memory", async () => {
  const header = JSON.stringify({ item_factors: { dtype: "F32", shape: [2 ** 40], data_offsets: [0, 2 ** 42] } });
  const file = new Uint8Array(8 + header.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(new TextEncoder().encode(header), 8);
  await assert.rejects(Recommender.load(file), { code: "format" });
});

test("a missing file is a network error that names it", async () => {
  await assert.rejects(Recommender.load("no-such-model.safetensors"), {
    name: "FoldinError",
    code: "network",
    message: /no-such-model/,
  });
});

test("where there are no workers the caller's own thread answers, and that is told once", async () => {
  const shop = await Recommender.load(good, { worker: true });
  const { what, error } = await new Promise((resolve) => shop.on("missing", resolve));
  assert.deepEqual([what, error.code], ["worker", "unsupported"]);
  assert.equal((await shop.recommend({ where: ({ item }) => item === "50" })).length, 1);
});

test("without IndexedDB a profile lives in memory, and says so", async () => {
  const shop = await Recommender.load(good, { profile: "test" });
  assert.equal(shop.storage.persistent, false);
  assert.equal(shop.storage.error.code, "storage");
  await shop.record({ item: "50", event: "like" });
  assert.equal((await shop.events()).length, 1);
  // Nothing was ever stored, so nothing waits to be erased.
  await shop.forget();
  assert.deepEqual([shop.storage, (await shop.events()).length], [{ persistent: false }, 1]);
  await shop.persist("test");
  await shop.erase();
  assert.deepEqual([shop.storage.unerased, await shop.events()], [undefined, []]);
  await shop.close();
});

test("wrong factors are named", async () => {
  const wrong = (input) => Recommender.fromFactors(input).catch(({ name, field }) => `${name} ${field}`);
  const factors = new Float32Array(6);
  assert.equal(await wrong({ factors: [1, 2], dim: 2 }), "TypeError input.factors");
  assert.equal(await wrong({ factors }), "TypeError input.dim");
  assert.equal(await wrong({ factors, dim: 4 }), "RangeError input.factors");
  assert.equal(await wrong({ factors, dim: 3, ids: ["only one"] }), "RangeError input.ids");
  assert.equal(await wrong({ factors, dim: 3, precision: "f64" }), "RangeError input.precision");
});

test("where as a function is asked of what would come back; what it throws comes out", async () => {
  const shop = await Recommender.load(good);
  await shop.record({ item: "50", event: "like" });
  const old = await shop.recommend({ count: 20, where: ({ numbers }) => numbers?.year < 1970 });
  const same = await shop.recommend({ count: 20, where: { year: { max: 1969 } } });
  assert.deepEqual(old, same);
  assert.equal(old.length, 20);
  const broken = shop.recommend({
    where: () => {
      throw new SyntaxError("the page's own");
    },
  });
  await assert.rejects(broken, { name: "SyntaxError", message: "the page's own" });
  await shop.close();
});

test("what is refused is worded, and all goes on with the same visitor", async () => {
  const shop = await Recommender.load(good);
  await shop.record({ item: "50", event: "like" });
  const before = await shop.recommend({ count: 5, explain: true });
  const error = await shop.recommend({ where: { year: { min: 1990 }, mood: { in: ["gay"] } } }).catch((error) => error);
  assert.ok(error instanceof RangeError);
  assert.equal(error.field, "where");
  assert.match(error.message, /a column of tags: genres, found mood/);
  const unknown = await shop.rank(["no-such-id"]).catch((error) => error);
  assert.equal(unknown.code, "unknown-item");
  assert.match(unknown.message, /"no-such-id".*nothing was changed/);
  assert.deepEqual(await shop.recommend({ count: 5, explain: true }), before);
  await shop.close();
});

test("a value of the wrong type is named with its place, and how to write it", async () => {
  const shop = await Recommender.load(good);
  await assert.rejects(shop.rank([1, 2, 3]), /^TypeError: items\[0\]: expected a string, found 1$/);
  const time = new Date(0);
  await assert.rejects(shop.record({ item: "50", event: "like", time }), /event\.time: .*found a Date: give its getTime\(\)/);
  const interactions = [{ user: "1", item: "2", value: "5" }];
  await assert.rejects(Recommender.train(interactions), /interactions\[0\]\.value: expected a .*number, found "5"$/);
  await shop.close();
});

test("what was shown is counted to the last item, whether the page was idle or never", async () => {
  const shop = await Recommender.load(good);
  const wanted = new Map();
  const ask = async (count, offset) => {
    const vector = Float32Array.from({ length: shop.info.dim }, () => Math.random() - 0.5);
    const shelf = await shop.recommend({ vector, count, offset });
    shelf.forEach(({ item }, place) => {
      const { times = 0, first = offset + place } = wanted.get(item) ?? {};
      wanted.set(item, { times: times + 1, first });
    });
    return shelf;
  };
  const check = () => {
    const { shown, positions, coverage } = shop.metrics();
    assert.deepEqual(shown, Object.fromEntries([...wanted].map(([item, { times }]) => [item, times])));
    for (const [place, items] of positions.shown.entries()) {
      assert.equal(items, [...wanted.values()].filter(({ first }) => first === place).length, `place ${place}`);
    }
    assert.equal(coverage, wanted.size / shop.info.items);
  };
  const idle = () => new Promise((resolve) => setTimeout(resolve, 120));
  // More than wait for an idle page.
  for (let round = 0; round < 150; round++) await ask(1 + (round % 20), round % 7);
  check();
  await ask(10, 0);
  await idle();
  check();
  // An event is weighed against what was shown until then, counted or not.
  const [{ item }] = await ask(10, 0);
  await shop.record({ item, event: "like" });
  assert.equal(shop.metrics().acted, 1 / wanted.size);
  check();
  await shop.close();
});

test("the timeline gets the latest call of each kind once the page is idle, with its own time", async () => {
  performance.clearMeasures();
  const shop = await Recommender.load(good);
  const seen = [];
  const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
  observer.observe({ type: "measure" });
  const start = performance.now();
  for (let round = 0; round < 3; round++) await shop.recommend({ count: 5 });
  const end = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 150));
  const [latest, ...more] = performance.getEntriesByName("foldin:recommend");
  assert.ok(latest.startTime >= start && latest.startTime + latest.duration <= end);
  assert.equal(more.length, 0);
  assert.equal(seen.filter(({ name }) => name === "foldin:recommend").length, 3, "who listens hears of all");
  observer.disconnect();
  await shop.close();
});

for (const named of [false, true]) {
  test(`items of ${named ? "texts" : "numbers"} for ids are named right, more of them than are remembered`, async () => {
    const items = 40_000;
    const factors = Float32Array.from({ length: 2 * items }, (_, at) => 1 + ((at * 7919) % 1000) / 1000);
    const idOf = (item) => (named ? `item ${item} ü` : String(item));
    const ids = Array.from({ length: items }, (_, item) => idOf(item));
    const shop = await Recommender.fromFactors({ factors, dim: 2, ...(named && { ids }) });
    for (let round = 0; round < 2; round++) {
      const all = await shop.items({ count: items });
      assert.deepEqual(new Set(all.map(({ item }) => item)), new Set(ids));
    }
    const shelf = await shop.recommend({ vector: Float32Array.of(1, 0), count: items });
    assert.equal(new Set(shelf.map(({ item }) => item)).size, items);
    // A row's name is that of its factors, whichever row had its place before.
    for (const { item, score } of shelf.filter((_, at) => at % 997 === 0)) {
      const row = Number(item.replace(/\D/g, ""));
      assert.ok(Math.abs(score - factors[2 * row]) < 0.02, item);
    }
    await shop.close();
  });
}

test("each script and module has its integrity", () => {
  const folder = join(packageFolder(), "dist");
  const listed = JSON.parse(readFileSync(join(folder, "integrity.json"), "utf8"));
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.(js|wasm)$/.test(file));
  assert.deepEqual(Object.keys(listed).sort(), files.map((file) => `./${file}`).sort());
  for (const [file, integrity] of Object.entries(listed)) {
    const found = createHash("sha256").update(readFileSync(join(folder, file))).digest("base64");
    assert.equal(`sha256-${found}`, integrity, file);
  }
});
