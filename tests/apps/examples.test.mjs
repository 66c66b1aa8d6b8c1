// The examples of www/examples, built with the packed package and used.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { build } from "vite";
import { servedApp, story } from "../browser/story.mjs";
import { POLICY } from "../support/server.mjs";
import { createApp } from "./app.mjs";

const examples = fileURLToPath(new URL("../../www/examples/", import.meta.url));
const PLUGINS = { react: [], vue: [], svelte: [svelte({ configFile: false })] };

/** Each file of an example with its content. */
const filesOf = (name) =>
  Object.fromEntries(readdirSync(join(examples, name)).map((file) => [file, readFileSync(join(examples, name, file))]));

for (const name of readdirSync(examples)) {
  story(`the ${name} example shows a shelf and learns`, {}, async ({ page, server }) => {
    // Frameworks have Trusted Types policies of their own.
    server.policy = POLICY;
    const { root, remove } = createApp(filesOf(name));
    try {
      await build({ root, base: "./", configFile: false, plugins: PLUGINS[name], logLevel: "error" });
      await page.goto(servedApp(join(root, "dist")));
      const items = page.locator("li");
      await items.nth(5).waitFor();
      const liked = await items.first().getAttribute("data-item");
      await items.first().getByRole("button").click();
      await page.locator(`li[data-item="${liked}"]`).waitFor({ state: "detached" });
      assert.equal(await items.count(), 6);
      assert.equal(await page.locator("small:empty").count(), 0, "each says which film brought it");
    } finally {
      remove();
    }
  });
}
