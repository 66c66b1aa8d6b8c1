// npm create foldin: from one command to a page that recommends, in Chromium.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromePath, requireFromWww } from "../support/environment.mjs";
import { emptyFolder, environment, interactions, items, packages, run } from "./installed.mjs";

const { chromium } = requireFromWww("playwright-core");
const create = fileURLToPath(new URL("../../target/npm/create-foldin/create.mjs", import.meta.url));

/** Runs `work` in a fresh folder. */
async function inFolder(work) {
  const { folder, remove } = emptyFolder();
  try {
    await work(folder);
  } finally {
    remove();
  }
}

/** Opens an address in Chromium and likes the first thing that satisfies `wanted`; the shelf afterwards. */
async function visit(url) {
  const browser = await chromium.launch({ executablePath: chromePath(), args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const said = [];
    page.on("console", (message) => message.type() !== "debug" && said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.goto(url);
    const cards = page.locator("#shelf li");
    await cards.nth(5).waitFor();
    const liked = await cards.first().getAttribute("data-item");
    await cards.first().getByRole("button").click();
    await page.locator(`li[data-item="${liked}"]`).waitFor({ state: "detached" });
    assert.match(await cards.first().locator("small").textContent(), /^because of /);
    assert.ok((await cards.first().locator("strong").textContent()).length > 0);
    await page.locator("#forget").click();
    await page.locator(`li[data-item="${liked}"]`).waitFor();
    assert.deepEqual(said, [], "the console must stay empty");
  } finally {
    await browser.close();
  }
}

/** Starts a script of the page and visits the address that it prints. */
async function visitScript(folder, script) {
  // Vite itself: what npm starts would outlive npm.
  const vite = join(folder, "node_modules/vite/bin/vite.js");
  const words = { dev: [], preview: ["preview"] }[script];
  const server = spawn(process.execPath, [vite, ...words, "--host", "127.0.0.1"], { cwd: folder, env: environment });
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
      if (url) return await visit(url);
    }
    assert.fail(`vite ${script} printed no address`);
  } finally {
    server.kill();
  }
}

test("makes a shop of one's own CSV that Chromium opens", { timeout: 180_000 }, () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "my ratings.csv"), interactions());
    writeFileSync(join(folder, "movies.csv"), items());
    const words = [create, "shop", "my ratings.csv", "movies.csv", "--from", packages];
    const made = run(process.execPath, folder, words);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /cd shop\n {2}npm run dev\n$/);
    const shop = join(folder, "shop");
    await visitScript(shop, "dev");
    execFileSync("npm", ["run", "build"], { cwd: shop, env: environment, stdio: "ignore" });
    assert.ok(existsSync(join(shop, "dist/shop.safetensors")));
    await visitScript(shop, "preview");
  }),
);

test("made-up data, and the package manager that started it", () =>
  inFolder((folder) => {
    const { folder: shop, commands } = plan(folder, [], "pnpm/9.1.0 npm/? node/v20.0.0 linux x64");
    assert.equal(shop, join(folder, "foldin-shop"));
    assert.deepEqual(commands, [["pnpm", "install"], ["pnpm", "run", "train"], ["pnpm", "run", "dev"]]);
    const bun = plan(folder, [], "bun/1.2.0 npm/? node/v22.0.0");
    assert.equal(bun.commands[0][0], "bun");
    assert.equal(plan(folder, [], undefined).commands[0][0], "npm");
  }),
);

/** What is planned for these words in a folder. */
function plan(folder, words, agent) {
  const script = "const { plan } = await import(process.argv[1]); console.log(JSON.stringify(plan(JSON.parse(process.argv[2]), undefined, process.argv[3])))";
  const from = new URL("../../npm/create-foldin/plan.mjs", import.meta.url).href;
  const rest = agent ? [agent] : [];
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script, from, JSON.stringify(words), ...rest], { cwd: folder });
  return JSON.parse(out);
}

test("what cannot be made is refused in one line, and nothing is written", () =>
  inFolder((folder) => {
    writeFileSync(join(folder, "a.csv"), interactions());
    cpSync(join(folder, "a.csv"), join(folder, "b.csv"));
    for (const [words, expected] of [
      [["lost.csv"], /no such file/],
      [["."], /is there already/],
      [["one", "two"], /one folder is expected/],
      [["a.csv", "b.csv", "a.csv"], /interactions and items/],
      [["shop", "--from", "."], /no foldin-\*\.tgz; run cargo xtask dist/],
      [["shop", "--form", "."], /--help/],
    ]) {
      const { status, stderr } = run(process.execPath, folder, [create, ...words]);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^error: .*\n$/);
      assert.match(stderr, expected);
    }
    assert.ok(!existsSync(join(folder, "shop")));
  }),
);

test("the made-up shop is the same in every run, and its tables are whole", async () => {
  const { shop } = await import("../../npm/create-foldin/shop.mjs");
  const { interactions, items } = shop();
  assert.deepEqual(shop(), { interactions, items });
  const known = new Set(items.trim().split("\n").slice(1).map((line) => line.split(",")[0]));
  const rows = interactions.trim().split("\n").slice(1).map((line) => line.split(","));
  assert.ok(rows.every(([, item]) => known.has(item)));
  assert.equal(new Set(rows.map((row) => row.slice(0, 2).join())).size, rows.length, "each thing once");
  const template = JSON.parse(readFileSync(new URL("../../npm/create-foldin/package.json", import.meta.url), "utf8"));
  assert.ok(template.files.includes("template"));
});
