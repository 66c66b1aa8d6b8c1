// The package in Bun, found in node_modules by its name.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { modelPath } from "../support/environment.mjs";
import { createApp } from "./app.mjs";

const bun = fileURLToPath(new URL("./node_modules/.bin/bun", import.meta.url));

const SCRIPT = `
import { Recommender } from "foldin";
const shop = await Recommender.load(process.argv[2]);
await shop.record({ item: "50", event: "like" });
const similar = await shop.similar("50", { count: 3 });
console.log(JSON.stringify([await shop.recommend({ count: 3, explain: true }), similar]));
`;

test("Bun loads and recommends", () => {
  const { root, remove } = createApp({ "main.js": SCRIPT });
  try {
    const printed = execFileSync(bun, ["main.js", modelPath()], { cwd: root, encoding: "utf8" });
    const [shelf, similar] = JSON.parse(printed);
    assert.deepEqual([shelf.length, similar.length], [3, 3]);
    assert.ok(shelf.every(({ title, because: [reason] }) => title && reason.item === "50"));
  } finally {
    remove();
  }
});
