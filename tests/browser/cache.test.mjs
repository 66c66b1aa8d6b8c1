// The model in the browser's cache: fetched once, told apart from newer ones, checked, swapped.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { modelBytes } from "../support/environment.mjs";
import { join, split, withTitle } from "../support/models.mjs";
import { judge, openBlank, ready, replaceModel, story } from "./story.mjs";

const good = modelBytes();

/** A model that tells which edition it is. */
function edition(name) {
  const { header, data } = split(good);
  return join({ header: { ...header, __metadata__: { ...header.__metadata__, edition: name } }, data });
}

/** Answers with bytes under an ETag. */
const tagged = (bytes, tag) => (response) => {
  response.setHeader("etag", `"${tag}"`);
  response.setHeader("content-length", bytes.length);
  response.end(bytes);
};

const sha256 = (bytes) => `sha256-${createHash("sha256").update(bytes).digest("base64")}`;

/** Opens the package on an empty page, under `foldin`. */
async function openPackage(page) {
  await openBlank(page);
  await page.evaluate(async () => {
    globalThis.foldin = await import("/package/dist/index.js");
    globalThis.load = (options) => foldin.Recommender.load("/movies.safetensors", { worker: true, ...options });
    // A copy counts once it is whole, shortly after the model is usable.
    globalThis.cached = async () => {
      while (!(await (await caches.open("foldin")).match("/movies.safetensors")))
        await new Promise((r) => setTimeout(r, 20));
    };
  });
}

/** How often the model was downloaded; asking for its headers alone is no download. */
const downloads = ({ requests }) => requests.filter((request) => request === "GET /movies.safetensors").length;

story("a second visit downloads no model", {}, async ({ page, server }) => {
  replaceModel(tagged(edition("first"), "1"));
  await openPackage(page);
  await page.evaluate(async () => {
    await load();
    await cached();
  });
  assert.equal(downloads(server), 1);
  await openPackage(page);
  assert.equal(await page.evaluate(async () => (await load()).info.metadata.edition), "first");
  assert.equal(downloads(server), 1);
});

story(
  "without a word from the server on versions it is asked each time, and the copy is for offline",
  {},
  async ({ page, server }) => {
    replaceModel(edition("first"));
    await openPackage(page);
    await page.evaluate(async () => {
      await load();
      await cached();
    });
    replaceModel(edition("second"));
    assert.equal(await page.evaluate(async () => (await load()).info.metadata.edition), "second");
    replaceModel((response) => response.destroy());
    const found = await page.evaluate(async () => (await load()).info.metadata.edition);
    assert.match(found, /first|second/);
  },
  /ERR_EMPTY_RESPONSE/,
);

story("a newer model is told of, loaded beside the old one, and takes the events along", {}, async ({ page }) => {
  replaceModel(tagged(edition("first"), "1"));
  await openPackage(page);
  await page.evaluate(async () => {
    await load();
    await cached();
  });
  replaceModel(tagged(edition("second"), "2"));
  const result = await page.evaluate(async () => {
    const shop = await load({ profile: "test" });
    const stale = new Promise((resolve) => shop.on("stale", resolve));
    const before = shop.info.metadata.edition;
    await shop.record({ item: "50", event: "like" });
    const shelf = await shop.recommend();
    const { url } = await stale;
    const updated = new Promise((resolve) => shop.on("update", resolve));
    await shop.update();
    const after = (await updated).metadata.edition;
    const same = JSON.stringify(await shop.recommend()) === JSON.stringify(shelf);
    return { before, after, now: shop.info.metadata.edition, url: new URL(url).pathname, same };
  });
  assert.deepEqual(result, { before: "first", after: "second", now: "second", url: "/movies.safetensors", same: true });
});

story("the demo page changes over to a newer model by itself", {}, async ({ page, server }) => {
  replaceModel(tagged(edition("first"), "1"));
  await page.goto(server.url);
  await ready(page);
  await judge(page, "star wars", "50", "like");
  await page.evaluate(async () => {
    while (!(await (await caches.open("foldin")).match("/movies.safetensors")))
      await new Promise((r) => setTimeout(r, 20));
  });
  replaceModel(tagged(withTitle(good, "Newest of Films"), "2"));
  await page.reload();
  await ready(page);
  await page.waitForFunction(async () => {
    const copy = await (await caches.open("foldin")).match("/movies.safetensors");
    return copy.headers.get("etag") === '"2"';
  });
  await page.getByTestId("search").fill("newest of films");
  await page.getByTestId("search-result").first().getByText("Newest of Films").waitFor();
  assert.equal(await page.getByTestId("mine-item").count(), 1);
});

story("an update that fails leaves the old model running, and its copy in place", {}, async ({ page }) => {
  replaceModel(tagged(edition("first"), "1"));
  await openPackage(page);
  const half = good.subarray(0, good.length / 2);
  await page.evaluate(async () => {
    globalThis.shop = await load();
    await cached();
    await shop.record({ item: "50", event: "like" });
  });
  replaceModel(tagged(half, "2"));
  const result = await page.evaluate(async () => {
    const before = await shop.recommend();
    const error = await shop.update().catch((error) => error);
    const same = JSON.stringify(await shop.recommend()) === JSON.stringify(before);
    const again = await load();
    return { code: error.code, same, edition: again.info.metadata.edition };
  });
  assert.deepEqual(result, { code: "format", same: true, edition: "first" });
});

story("a damaged copy is replaced by the server's file", {}, async ({ page, server }) => {
  replaceModel(tagged(edition("first"), "1"));
  await openPackage(page);
  const found = await page.evaluate(async () => {
    const cache = await caches.open("foldin");
    await cache.put("/movies.safetensors", new Response("damaged", { headers: { etag: '"1"' } }));
    return (await load()).info.metadata.edition;
  });
  assert.equal(found, "first");
  assert.equal(downloads(server), 1);
});

story(
  "integrity: the right file loads and is not asked for again, another one is refused",
  {},
  async ({ page, server }) => {
    const first = edition("first");
    replaceModel(first);
    await openPackage(page);
    const loaded = await page.evaluate(async (integrity) => {
      const shop = await load({ integrity });
      await cached();
      return shop.info.metadata.edition;
    }, sha256(first));
    assert.equal(loaded, "first");
    await page.evaluate((integrity) => load({ integrity }), sha256(first));
    assert.deepEqual(
      server.requests.filter((request) => request.includes("movies")),
      ["GET /movies.safetensors"],
    );
    const error = await page.evaluate(async (integrity) => {
      const { name, code, message } = await load({ integrity }).catch((error) => error);
      return { name, code, message };
    }, sha256(good));
    assert.equal(error.code, "integrity");
    assert.ok(error.message.includes(sha256(good)) && error.message.includes(sha256(first)));
  },
);

story("maxBytes refuses a larger file before it is downloaded", {}, async ({ page }) => {
  // Only its beginning ever comes.
  replaceModel((response) => response.write(good.subarray(0, 50_000)));
  await openPackage(page);
  const error = await page.evaluate(async () => {
    const { code, message } = await load({ maxBytes: 1000 }).catch((error) => error);
    return { code, message };
  });
  assert.equal(error.code, "out-of-memory");
  assert.match(error.message, /at most 1000 bytes.*maxBytes/);
});

story("prefetch leaves nothing to download", {}, async ({ page, server }) => {
  replaceModel(tagged(edition("first"), "1"));
  await openPackage(page);
  await page.evaluate(() => foldin.Recommender.prefetch("/movies.safetensors"));
  assert.equal(downloads(server), 1);
  await page.evaluate(() => load());
  assert.equal(downloads(server), 1);
});

story("the same question is answered at once, until the visitor does something", {}, async ({ page }) => {
  replaceModel(good);
  await openPackage(page);
  const result = await page.evaluate(async () => {
    const shop = await load();
    const first = await shop.recommend({ count: 5 });
    first[0].title = "changed by its caller";
    const second = await shop.recommend({ count: 5 });
    await shop.record({ item: second[0].item, event: "like" });
    const third = await shop.recommend({ count: 5 });
    const { answers, milliseconds } = shop.metrics();
    return {
      changed: second[0].title,
      gone: !third.some(({ item }) => item === second[0].item),
      hits: answers.hits,
      timed: milliseconds.recommend.count,
    };
  });
  assert.notEqual(result.changed, "changed by its caller");
  assert.equal(result.gone, true);
  assert.ok(result.hits >= 1);
  assert.equal(result.timed, 3);
});

story("the next page is ready before it is asked for", {}, async ({ page }) => {
  replaceModel(good);
  await openPackage(page);
  const result = await page.evaluate(async () => {
    const shop = await load();
    const both = await shop.recommend({ count: 10 });
    await shop.recommend({ count: 5 });
    while (shop.metrics().answers.misses < 4) await new Promise((r) => setTimeout(r, 20));
    const { hits } = shop.metrics().answers;
    const next = await shop.recommend({ count: 5, offset: 5 });
    return { hit: shop.metrics().answers.hits - hits, same: JSON.stringify(next) === JSON.stringify(both.slice(5)) };
  });
  assert.deepEqual(result, { hit: 1, same: true });
});

story("metrics count what happened, and are reported on request alone", {}, async ({ page }) => {
  replaceModel(good);
  await openPackage(page);
  const result = await page.evaluate(async () => {
    const reports = [];
    const told = [];
    const shop = await load({ report: (metrics) => reports.push(metrics) });
    shop.on("error", ({ code }) => told.push(code));
    const shelf = await shop.recommend({ count: 10 });
    await shop.record({ item: shelf[0].item, event: "like" });
    await shop.item("no-such-id").catch(() => {});
    await shop.close();
    const measured = performance.getEntriesByType("measure").map(({ name }) => name);
    return { reports, told, measured, items: shop.info.items };
  });
  const [report] = result.reports;
  assert.equal(result.reports.length, 1);
  assert.equal(report.coverage, 10 / result.items);
  assert.equal(report.acted, 1 / 10);
  assert.deepEqual(report.positions, { shown: new Array(10).fill(1), acted: [1, ...new Array(9).fill(0)] });
  assert.deepEqual(Object.values(report.shown), new Array(10).fill(1));
  assert.deepEqual(report.failures, { item: 1 });
  assert.deepEqual(report.errors, { "unknown-item": 1 });
  assert.match(report.page, /^[a-z0-9]{10,}$/);
  assert.equal(report.sequence, 1);
  assert.ok(Math.abs(report.time - Date.now()) < 60_000);
  assert.deepEqual(result.told, ["unknown-item"]);
  for (const name of ["load", "recommend", "record"]) {
    const { count, buckets } = report.milliseconds[name];
    assert.ok(count > 0);
    assert.equal(
      buckets.reduce((sum, calls) => sum + calls),
      count,
    );
    const kept = result.measured.filter((measured) => measured === `foldin:${name}`);
    assert.equal(kept.length, 1, `${name}: the timeline keeps the latest alone`);
  }
});

story(
  "a load that fails is reported; a model is known by the hash in its name; an update begins to count anew",
  {},
  async ({ page, server }) => {
    server.files["/movies.0123456789ab.safetensors"] = good;
    server.files["/movies.ba9876543210.safetensors"] = good;
    await openPackage(page);
    const result = await page.evaluate(async () => {
      const reports = [];
      const report = (report) => reports.push(report);
      await foldin.Recommender.load("/none.00000000.safetensors", { report }).catch(() => {});
      const shop = await foldin.Recommender.load("/movies.0123456789ab.safetensors", { report });
      await shop.recommend({ count: 3 });
      await shop.recommend({ count: 3, offset: 3 });
      await shop.update({ source: "/movies.ba9876543210.safetensors" });
      const now = shop.version;
      await shop.close();
      return { reports, now };
    });
    const [failed, before, after] = result.reports;
    assert.equal(result.reports.length, 3);
    assert.deepEqual([failed.version, failed.failures], ["00000000", { load: 1 }]);
    assert.deepEqual([before.version, before.positions.shown], ["0123456789ab", [1, 1, 1, 1, 1, 1]]);
    assert.deepEqual([after.version, after.positions.shown], ["ba9876543210", []]);
    assert.equal(result.now, "ba9876543210");
    assert.equal(new Set(result.reports.map(({ page }) => page)).size, 3);
  },
  /404/,
);

story("after a trap the same page can load again", {}, async ({ page }) => {
  replaceModel(good);
  await openPackage(page);
  const result = await page.evaluate(async () => {
    // The engine has no input that traps: one of its functions is made to.
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function BrokenOnce(...input) {
      WebAssembly.Instance = Instance;
      const engine_vector = () => {
        throw new WebAssembly.RuntimeError("unreachable");
      };
      return { exports: { ...new Instance(...input).exports, engine_vector } };
    };
    const first = await load({ worker: false });
    const second = await load({ worker: false });
    const codes = [];
    for (const shop of [first, first, second]) await shop.vector().catch(({ code }) => codes.push(code));
    await first.close();
    const third = await load({ worker: false });
    return { codes, dim: (await third.vector()).length === third.info.dim };
  });
  assert.deepEqual(result, { codes: ["trap", "trap", "trap"], dim: true });
});
