// A model that arrives as a head and parts: what is there at once, what follows, and all that can go wrong on the way.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { command, modelBytes } from "../support/environment.mjs";
import { join as joined, split } from "../support/models.mjs";
import { openBlank, servedApp, story } from "./story.mjs";

const folder = mkdtempSync(join(tmpdir(), "foldin-arrive-"));
let releases;

before(() => {
  const bundle = (name, bytes) => {
    writeFileSync(join(folder, `${name}.safetensors`), bytes);
    const line = `bundle ${name}.safetensors --head 30kB -o site --json`;
    const { current } = JSON.parse(execFileSync(command(), line.split(" "), { cwd: folder, encoding: "utf8" }));
    return { ...current, parts: current.pieces.parts.map(({ file }) => `/app/${file}`) };
  };
  releases = [bundle("films", modelBytes()), bundle("films", retitled(modelBytes()))];
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** The model with another title for its last item, which is in no head. */
function retitled(bytes) {
  const { header, data } = split(bytes);
  const copy = data.slice();
  copy[header["catalog.title"].data_offsets[1] - 1] = "?".charCodeAt(0);
  return joined({ header, data: copy });
}

/** Opens an empty page with the package, under `foldin`, and `load` for a release. */
async function open(page, server) {
  servedApp(join(folder, "site"));
  for (const { parts } of releases) for (const part of parts) delete server.files[part];
  await openBlank(page);
  await page.evaluate(async (heads) => {
    globalThis.foldin = await import("/package/dist/index.js");
    globalThis.errors = [];
    globalThis.counts = [];
    globalThis.load = async (options, release = 0) => {
      const shop = await foldin.Recommender.load(heads[release], options);
      shop.on("error", (error) => errors.push(error.message));
      shop.on("items", ({ info }) => counts.push(info.items));
      return shop;
    };
    globalThis.until = async (holds) => {
      while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    globalThis.cached = async (files) => {
      const cache = await caches.open("foldin");
      for (const file of files) await until(() => cache.match(file));
    };
  }, releases.map(({ pieces }) => `/app/${pieces.head.file}`));
}

/** How often each part was downloaded. */
const downloads = ({ requests }, { parts }) => parts.map((part) => requests.filter((r) => r === `GET ${part}`).length);

const part = (release, at) => readFileSync(join(folder, "site", releases[release].pieces.parts[at].file));

for (const worker of [false, true]) {
  const where = worker ? "in a worker" : "on the page's thread";
  story(`the head answers at once, and all parts answer as the single file, ${where}`, {}, async ({ page, server }) => {
    await open(page, server);
    const found = await page.evaluate(async (worker) => {
      const like = (item) => ({ item, event: "like", time: 1 });
      const whole = await foldin.Recommender.load("/movies.safetensors", { worker });
      const shop = await load({ worker, parts: "head" });
      const first = { info: shop.info, shelf: await shop.recommend({ count: 5 }), version: shop.version };
      // One of the head's, and one that only counts when it is there.
      const ids = (await whole.items({ count: 2000 })).map(({ item }) => item);
      const here = new Set((await shop.items({ count: 2000 })).map(({ item }) => item));
      const liked = [...here].slice(0, 2);
      const resting = ids.filter((id) => !here.has(id)).slice(0, 3);
      for (const id of [...liked, ...resting]) await shop.record(like(id));
      await whole.record([...liked, ...resting].map(like));
      const between = (await shop.events()).length;
      const info = await shop.complete();
      const options = { count: 300, explain: true };
      const [ours, theirs] = await Promise.all([shop.recommend(options), whole.recommend(options)]);
      const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
      const items = same(await shop.items({ count: 2000 }), await whole.items({ count: 2000 }));
      const vectors = same([...(await shop.vector())], [...(await whole.vector())]);
      const counts = same([...(await shop.tensor("item_counts"))], [...(await whole.tensor("item_counts"))]);
      const similar = same(await shop.similar(resting[0]), await whole.similar(resting[0]));
      const searched = same(await shop.search("star"), await whole.search("star"));
      await Promise.all([shop.forget([...liked, ...resting]), whole.forget([...liked, ...resting])]);
      const popular = same(await shop.recommend({ count: 400 }), await whole.recommend({ count: 400 }));
      return { first, between, info, same: same(ours, theirs), items, vectors, counts, similar, searched, popular, told: counts };
    }, worker);
    const { pieces, items, version } = releases[0];
    assert.equal(found.first.info.items, pieces.items);
    assert.equal(found.first.info.of, items);
    assert.equal(found.first.version, version);
    assert.ok(!("parts" in found.first.info.metadata));
    assert.deepEqual(found.first.shelf.map(({ over }) => over), Array(5).fill(pieces.items));
    assert.equal(found.between, 2);
    assert.deepEqual([found.info.items, found.info.of], [items, items]);
    const { same, items: listed, vectors, counts, similar, searched, popular } = found;
    assert.deepEqual({ same, listed, vectors, counts, similar, searched, popular }, {
      same: true, listed: true, vectors: true, counts: true, similar: true, searched: true, popular: true,
    });
    assert.deepEqual(await page.evaluate(() => errors), []);
  });
}

story("parts follow while the page is idle, and each tells", {}, async ({ page, server }) => {
  await open(page, server);
  const { counts, last } = await page.evaluate(async () => {
    const shop = await load();
    await until(() => shop.info.items === shop.info.of);
    return { counts, last: await shop.recommend({ count: 1 }) };
  });
  const { items, pieces, parts } = releases[0];
  assert.equal(counts.length, parts.length);
  assert.ok(counts.every((count, at) => count > (counts[at - 1] ?? pieces.items)));
  assert.equal(counts.at(-1), items);
  assert.ok(!("over" in last[0]));
  assert.deepEqual(downloads(server, releases[0]), parts.map(() => 1));
});

story("who saves data gets the head, and what they ask for", {}, async ({ page, server }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  await open(page, server);
  const unknown = await page.evaluate(async () => {
    globalThis.shop = await load();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return shop.item("no such film").catch(({ code }) => code);
  });
  assert.equal(unknown, "unknown-item");
  assert.deepEqual(downloads(server, releases[0]), releases[0].parts.map(() => 0));
  assert.equal((await page.evaluate(() => shop.complete())).items, releases[0].items);
});

story("an item of a later part is waited for", {}, async ({ page, server }) => {
  await open(page, server);
  const { item, similar, hit, none } = await page.evaluate(async () => {
    const whole = await foldin.Recommender.load("/movies.safetensors");
    const shop = await load();
    const here = new Set((await shop.items({ count: 2000 })).map(({ item }) => item));
    const later = (await whole.items({ count: 2000 })).findLast(({ item }) => !here.has(item));
    const item = await shop.item(later.item);
    const similar = await shop.similar(later.item, { count: 3 });
    const [hit] = await shop.search(later.title, { count: 1 });
    return { item: item.title === later.title, similar: similar.length, hit: hit.item === later.item, none: await shop.has("none") };
  });
  assert.deepEqual({ item, similar, hit, none }, { item: true, similar: 3, hit: true, none: false });
});

const BAD = [
  { name: "missing", answer: () => (response) => response.writeHead(404).end() },
  { name: "truncated", answer: () => part(0, 1).subarray(0, 900) },
  { name: "answered with HTML", answer: () => "<!doctype html><title>404</title>" },
  { name: "another", answer: () => part(0, 0) },
  { name: "of another release", answer: () => part(1, releases[1].parts.length - 1) },
];
story(
  "a part that is missing, damaged or another's is named, and the rest goes on",
  {},
  async ({ page, server }) => {
    for (const { name, answer } of BAD) {
      await open(page, server);
      const at = name === "of another release" ? releases[0].parts.length - 1 : 1;
      const file = releases[0].parts[at];
      server.files[file] = answer();
      const { items, refused, shown } = await page.evaluate(async () => {
        await caches.delete("foldin");
        globalThis.shop = await load();
        const refused = await shop.complete().catch((error) => error.message);
        return { items: shop.info.items, refused, shown: await shop.recommend({ count: 3 }) };
      });
      assert.ok(refused.includes(file), `${name}: ${refused}`);
      assert.ok((await page.evaluate(() => errors)).some((message) => message.includes(file)), name);
      const { first, end } = releases[0].pieces.parts[at];
      assert.ok(items < releases[0].items && items >= releases[0].items - (end - first), `${name}: ${items}`);
      assert.equal(shown[0].over, items);
      delete server.files[file];
      assert.equal((await page.evaluate(() => shop.complete())).items, releases[0].items, name);
      await page.evaluate(() => shop.close());
    }
  },
  /404/,
);

story("a slow part holds no other up, and a page that closes meanwhile ends it", {}, async ({ page, server }) => {
  await open(page, server);
  const [slow] = releases[0].parts;
  server.files[slow] = () => {};
  const items = await page.evaluate(async (parts) => {
    const shop = await load();
    await until(() => counts.length === parts - 1);
    const shelf = await shop.recommend({ count: 3 });
    await shop.close();
    return shelf[0].over;
  }, releases[0].parts.length);
  const { first, end } = releases[0].pieces.parts[0];
  assert.ok(items < releases[0].items && items >= releases[0].items - (end - first));
});

story("parts that come out of order answer as the single file", {}, async ({ page, server }) => {
  await open(page, server);
  const [first, ...others] = releases[0].parts;
  let held;
  server.files[first] = (response) => (held = response);
  await page.evaluate(async (others) => {
    globalThis.shop = await load();
    await until(() => counts.length === others);
  }, others.length);
  held.end(part(0, 0));
  const [ours, theirs] = await page.evaluate(async () => {
    await shop.complete();
    const whole = await foldin.Recommender.load("/movies.safetensors");
    const likes = (await whole.items({ count: 3 })).map(({ item }) => ({ item, event: "like", time: 1 }));
    const shelf = async (shop) => {
      await shop.record(likes);
      return shop.recommend({ count: 300, explain: true });
    };
    return [await shelf(shop), await shelf(whole)];
  });
  assert.deepEqual(ours, theirs);
});

story(
  "a deployment that takes a part away meanwhile costs its items until the next release is there",
  {},
  async ({ page, server }) => {
    await open(page, server);
    const [old, newer] = releases;
    const gone = old.parts.find((part) => !newer.parts.includes(part));
    server.files[gone] = (response) => response.writeHead(404).end();
    const { items, shown, refused, updated } = await page.evaluate(async (head) => {
      const shop = await load();
      const refused = await shop.complete().catch((error) => error.message);
      const { items } = shop.info;
      const shown = await shop.recommend({ count: 3 });
      return { items, shown, refused, updated: await shop.update({ source: head }) };
    }, `/app/${newer.pieces.head.file}`);
    assert.ok(refused.includes(gone), refused);
    assert.ok(items < old.items);
    assert.deepEqual(shown.map(({ over }) => over), [items, items, items]);
    assert.equal(updated.items, newer.items);
  },
  /404/,
);

story("a tab that closes half way leaves its part to the other", {}, async ({ page, context, server }) => {
  const other = await context.newPage();
  await Promise.all([open(page, server), open(other, server)]);
  const [first] = releases[0].parts;
  const asked = new Promise((resolve) => (server.files[first] = resolve));
  await page.evaluate(() => void load({ parts: "all" }));
  await asked;
  await other.evaluate(async (others) => {
    globalThis.shop = await load({ parts: "all" });
    await until(() => counts.length === others);
  }, releases[0].parts.length - 1);
  delete server.files[first];
  await page.close();
  assert.equal((await other.evaluate(() => shop.complete())).items, releases[0].items);
});

story("a second visit fetches what the first did not, and works without a network", {}, async ({ page, context, server }) => {
  await open(page, server);
  const [first, ...others] = releases[0].parts;
  server.files[first] = () => {};
  await page.evaluate(async (others) => {
    await load();
    await cached(others);
  }, others);
  server.requests.length = 0;
  await open(page, server);
  await page.evaluate(async () => (await load({ parts: "all" })).complete());
  assert.deepEqual(downloads(server, releases[0]), [1, ...others.map(() => 0)]);
  await page.evaluate((parts) => cached(parts), releases[0].parts);
  await page.evaluate(() => import("/package/dist/index.js"));
  await context.setOffline(true);
  const info = await page.evaluate(async () => (await load()).complete());
  assert.equal(info.items, releases[0].items);
  await context.setOffline(false);
});

story(
  "offline the head answers alone",
  {},
  async ({ page, context, server }) => {
    await open(page, server);
    await page.evaluate(async (head) => {
      const shop = await load({ parts: "head" });
      await cached([head]);
      // The code that takes parts in is there, too.
      await shop.has("none");
    }, `/app/${releases[0].pieces.head.file}`);
    await context.setOffline(true);
    const { over, refused } = await page.evaluate(async () => {
      const shop = await load({ parts: "head" });
      const [{ over }] = await shop.recommend({ count: 1 });
      return { over, refused: await shop.complete().catch(({ code }) => code) };
    });
    assert.deepEqual([over, refused], [releases[0].pieces.items, "network"]);
    await context.setOffline(false);
  },
  /ERR_INTERNET_DISCONNECTED/,
);

story("a full storage costs copies, not items", {}, async ({ page, server }) => {
  await open(page, server);
  const { items, kept } = await page.evaluate(async () => {
    const put = Cache.prototype.put;
    let room = 3;
    Cache.prototype.put = function (...entry) {
      return room-- > 0 ? put.apply(this, entry) : Promise.reject(new DOMException("full", "QuotaExceededError"));
    };
    const shop = await load();
    const { items } = await shop.complete();
    return { items, kept: (await (await caches.open("foldin")).keys()).length };
  });
  assert.equal(items, releases[0].items);
  assert.ok(kept < releases[0].parts.length);
});

story("two tabs that load at once fetch each part once", {}, async ({ page, context, server }) => {
  const other = await context.newPage();
  await Promise.all([open(page, server), open(other, server)]);
  const complete = (tab) => tab.evaluate(async () => (await (await load({ parts: "all" })).complete()).items);
  assert.deepEqual(await Promise.all([complete(page), complete(other)]), [releases[0].items, releases[0].items]);
  assert.deepEqual(downloads(server, releases[0]), releases[0].parts.map(() => 1));
});

story("a newer release downloads the parts that changed, and swaps when all of them are there", {}, async ({ page, server }) => {
  await open(page, server);
  const [old, newer] = releases;
  await page.evaluate(async (parts) => {
    globalThis.shop = await load();
    await shop.complete();
    await cached(parts);
    await shop.record({ item: "50", event: "like" });
  }, old.parts);
  server.requests.length = 0;
  const { items, least, version } = await page.evaluate(async (head) => {
    let least = Infinity;
    const updated = shop.update({ source: head });
    let isDone = false;
    void updated.finally(() => (isDone = true));
    while (!isDone) {
      least = Math.min(least, (await shop.recommend({ count: 2000 })).length);
      await new Promise((resolve) => setTimeout(resolve));
    }
    const { items } = await updated;
    return { items, least, version: shop.version };
  }, `/app/${newer.pieces.head.file}`);
  assert.deepEqual([items, version], [newer.items, newer.version]);
  assert.ok(least >= old.items - 1, `${least} items at the least`);
  const changed = newer.parts.filter((part) => !old.parts.includes(part));
  assert.equal(changed.length, 1, "one title changed");
  assert.deepEqual(downloads(server, newer), newer.parts.map((part) => (changed.includes(part) ? 1 : 0)));
});

story(
  "a list of parts that is none leaves the head",
  {},
  async ({ page, server }) => {
    await open(page, server);
    const path = `/app/${releases[0].pieces.head.file}`;
    const bytes = readFileSync(join(folder, "site", releases[0].pieces.head.file));
    const text = bytes.toString("latin1").replace('\\"firsts\\":[0', '\\"firsts\\":[9');
    server.files[path] = Buffer.from(text, "latin1");
    const { shown, told } = await page.evaluate(async () => {
      await caches.delete("foldin");
      const shop = await load();
      await until(() => errors.length > 0);
      return { shown: (await shop.recommend({ count: 3 })).length, told: errors[0] };
    });
    delete server.files[path];
    assert.equal(shown, 3);
    assert.match(told, /parts/);
  },
);
