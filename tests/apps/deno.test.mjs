// The package in Deno, found in node_modules by its name.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { modelPath } from "../support/environment.mjs";
import { createApp } from "./app.mjs";

const deno = fileURLToPath(new URL("./node_modules/.bin/deno", import.meta.url));

const SCRIPT = `
import { Recommender } from "foldin";
const shop = await Recommender.load(await Deno.readFile(Deno.args[0]));
await shop.record({ item: "50", event: "like" });
console.log(JSON.stringify(await shop.recommend({ count: 3, explain: true })));
`;

test("Deno loads and recommends, allowed to read files alone", () => {
  const { root, remove } = createApp({ "main.js": SCRIPT });
  try {
    const args = ["run", "--no-remote", "--no-prompt", "--allow-read", join(root, "main.js"), modelPath()];
    const shelf = JSON.parse(execFileSync(deno, args, { cwd: root, encoding: "utf8" }));
    assert.equal(shelf.length, 3);
    assert.ok(shelf.every(({ title, because: [reason] }) => title && reason.item === "50"));
  } finally {
    remove();
  }
});
