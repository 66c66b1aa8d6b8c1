// A two-tower model: the visitor's vector comes out of its user tower, in JavaScript as in the command.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { command, importPackage } from "../support/environment.mjs";

const { Recommender } = await importPackage();
const folder = mkdtempSync(join(tmpdir(), "foldin-towers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const [ITEMS, DIM, HIDDEN] = [12, 4, 6];
const numbers = (length, scale) => Array.from({ length }, (_, at) => scale * Math.sin(1 + at * 1.7));
const bytes = (length) => Int8Array.from(numbers(length, 120));

/** Factors, a tower of two layers in bytes with a scale a row, each with its bias as the last row, and its traits. */
function towers({ withoutTower = false } = {}) {
  const ages = 2; // a number gives a feature a knot
  const inputs = DIM + ages + 2; // a constant among the traits, and the bias
  const tensors = {
    item_factors: ["F32", [ITEMS, DIM], Float32Array.from(numbers(ITEMS * DIM, 1))],
    item_biases: ["F32", [ITEMS], Float32Array.from(numbers(ITEMS, 0.1))],
    ...(!withoutTower && {
      "tower.first.scales": ["F32", [inputs], Float32Array.from(numbers(inputs, 0.01))],
      "tower.second.scales": ["F32", [HIDDEN + 1], Float32Array.from(numbers(HIDDEN + 1, 0.01))],
      "tower.numbers.age": ["F32", [2], Float32Array.of(20, 60)],
      "tower.first.map": ["I8", [inputs, HIDDEN], bytes(inputs * HIDDEN)],
      "tower.second.map": ["I8", [HIDDEN + 1, DIM], bytes((HIDDEN + 1) * DIM)],
    }),
  };
  const header = { __metadata__: { format: "foldin", format_version: "1", algorithm: "two-tower", mean: "0" } };
  let end = 0;
  const parts = Object.entries(tensors).map(([name, [dtype, shape, data]]) => {
    header[name] = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
    return Buffer.from(data.buffer);
  });
  const json = JSON.stringify(header);
  const text = json.padEnd(8 * Math.ceil(json.length / 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, Buffer.from(text), ...parts]);
}

const path = join(folder, "towers.safetensors");
writeFileSync(path, towers());

const native = (...args) =>
  JSON.parse(execFileSync(command(), ["recommend", path, "--json", "--explain", ...args], { encoding: "utf8" }));
/** The command prints the shortest decimals that are the same numbers of 32 bits. */
const bare = (shelf) =>
  shelf.map(({ item, score, rung, because }) => {
    const reasons = because.map(({ item, event, share }) => [item, event, Math.fround(share)]);
    return [item, Math.fround(score), rung, reasons];
  });

test("the page and the command go through the same tower", async () => {
  const shop = await Recommender.load(path);
  assert.equal((await shop.recommend())[0].rung, "diverse");
  for (const liked of [["3"], ["1", "8", "5"]]) {
    await shop.erase();
    await shop.record(liked.map((item) => ({ item, event: "like", time: 0 })));
    assert.deepEqual(bare(await shop.recommend({ explain: true })), bare(native("--liked", liked.join())));
  }
  await shop.traits({ age: 55 });
  const said = bare(await shop.recommend({ explain: true }));
  assert.deepEqual(said, bare(native("--liked", "1,8,5", "--traits", '{"age":55}')));
  await shop.traits({ age: 20 });
  assert.notDeepEqual(bare(await shop.recommend({ explain: true })), said);
  await shop.erase();
  await shop.traits({ age: 20 });
  assert.deepEqual(bare(await shop.recommend({ explain: true })), bare(native("--traits", '{"age":20}')));
  assert.equal((await shop.recommend())[0].rung, "prior");
});

test("shares add up to what the past brings", async () => {
  const shop = await Recommender.load(path);
  await shop.traits({ age: 30 });
  const before = new Map((await shop.rank([...Array(ITEMS).keys()].map(String))).map(({ item, score }) => [item, score]));
  await shop.record(["1", "8", "5"].map((item, at) => ({ item, event: "like", time: at * 1000 })));
  await shop.record({ item: "2", event: "dislike", time: 4000 });
  for (const { item, score, because } of await shop.recommend({ explain: true })) {
    const sum = because.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(sum - (score - before.get(item))) < 1e-4, `${item}: ${sum}, ${score - before.get(item)}`);
    assert.ok(because.find(({ item }) => item === "2").share === 0, "training never saw a dislike");
  }
  await assert.rejects(shop.fineTune(), { field: "model" });
});

test("a tower that is missing or reads no traits is refused", async () => {
  await assert.rejects(Recommender.load(towers({ withoutTower: true })), { code: "format", message: /user tower/ });
  const shop = await Recommender.load(path);
  await assert.rejects(shop.traits({ height: 2 }), { field: "traits" });
  await assert.rejects(shop.transfer(new Float32Array(4)), { code: "unsupported" });
});
