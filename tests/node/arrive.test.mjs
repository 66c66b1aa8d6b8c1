// A model in parts where there is no browser: files beside each other.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { command, importPackage, modelPath } from "../support/environment.mjs";

const { Recommender } = await importPackage();
const folder = mkdtempSync(join(tmpdir(), "foldin-arrive-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const line = ["bundle", modelPath(), "--head", "30kB", "-o", folder, "--json"];
const { current } = JSON.parse(execFileSync(command(), line, { encoding: "utf8" }));
const head = join(folder, current.pieces.head.file);

test("parts follow a head of the file system, and answer as the single file", async () => {
  const [shop, whole] = await Promise.all([Recommender.load(head), Recommender.load(join(folder, current.model.file))]);
  assert.equal(shop.info.items, current.pieces.items);
  for (const recommender of [shop, whole]) await recommender.record({ item: "50", event: "like", time: 1 });
  assert.equal((await shop.complete()).items, current.items);
  assert.deepEqual(await shop.recommend({ count: 200 }), await whole.recommend({ count: 200 }));
  await Promise.all([shop.close(), whole.close()]);
});

test("a head that was handed over as bytes answers alone, and says why", async () => {
  const shop = await Recommender.load(readFileSync(head));
  assert.equal((await shop.recommend({ count: 1 }))[0].over, current.pieces.items);
  await assert.rejects(shop.complete(), { code: "unsupported", message: /from its address/ });
  await shop.close();
});
