// Frameworks with servers of their own, without configuration for foldin: development, build and what serves the build.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { story } from "../browser/story.mjs";
import { modelPath } from "../support/environment.mjs";
import { createApp } from "./app.mjs";

const sources = fileURLToPath(new URL("./frameworks/", import.meta.url));
/** The page of all frameworks with React. */
const SHOP = { "app/Shop.jsx": readFileSync(join(sources, "react/Shop.jsx")) };
const bin = fileURLToPath(new URL("./node_modules/.bin/", import.meta.url));

/** The commands of each framework, what it shares with others, and the folder of its static files. */
const FRAMEWORKS = {
  "Next, Turbopack": {
    folder: "next",
    shared: SHOP,
    dev: (port) => ["next", "dev", "--port", port],
    build: ["next", "build"],
    start: (port) => ["next", "start", "--port", port],
  },
  "Next, webpack": {
    folder: "next",
    shared: SHOP,
    dev: (port) => ["next", "dev", "--webpack", "--port", port],
    build: ["next", "build", "--webpack"],
    start: (port) => ["next", "start", "--port", port],
  },
  Nuxt: {
    folder: "nuxt",
    dev: (port) => ["nuxt", "dev", "--port", port, "--host", "127.0.0.1"],
    build: ["nuxt", "build"],
    start: (port) => ["nuxt", "preview", "--port", port],
  },
  SvelteKit: {
    folder: "sveltekit",
    public: "static",
    dev: (port) => ["vite", "dev", "--port", port, "--host", "127.0.0.1"],
    build: ["vite", "build"],
    start: (port) => ["vite", "preview", "--port", port, "--host", "127.0.0.1"],
  },
  Astro: {
    folder: "astro",
    dev: (port) => ["astro", "dev", "--port", port, "--host", "127.0.0.1"],
    build: ["astro", "build"],
    start: (port) => ["astro", "preview", "--port", port, "--host", "127.0.0.1"],
  },
  "React Router": {
    folder: "react-router",
    shared: SHOP,
    dev: (port) => ["react-router", "dev", "--port", port, "--host", "127.0.0.1"],
    build: ["react-router", "build"],
    start: () => ["react-router-serve", "build/server/index.js"],
  },
};

/** The files of a folder, by their paths in it. */
function filesOf(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    paths.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name))]),
  );
}

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return String(port);
}

/** Runs a command in a group of its own; `said` is what it prints. */
function start(root, [command, ...args], port) {
  const env = { ...process.env, PORT: port, HOST: "127.0.0.1", CI: "1", NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1" };
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(join(bin, command), args, { cwd: root, env, detached: true });
  const running = { said: "", ended: new Promise((ended) => child.on("close", ended)), code: undefined };
  child.on("close", (code) => (running.code = code));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (running.said += text));
  running.stop = async () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await running.ended;
  };
  return running;
}

/** What a server sends for its home page, once it does. */
async function firstPage(url, running) {
  let trouble;
  for (let wait = 0; wait < 240 && running.code === undefined; wait++) {
    const answer = await fetch(url).catch((error) => error);
    if (answer.status === 200) return answer.text();
    trouble = answer.status ? `${answer.status} ${await answer.text()}`.slice(0, 2000) : answer;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`${url}: ${trouble}\n${running.said}`);
}

/** A page rendered on the server, whose shelves become the visitor's own, in one worker, and learn. */
async function look(page, running, port) {
  const url = `http://localhost:${port}/`;
  assert.match(await firstPage(url, running), /From the server: (<!-- -->)?4/);
  try {
    await page.goto(url);
    for (const id of ["mine", "popular"]) await page.locator(`#${id}[data-status="ready"]`).waitFor({ timeout: 60_000 });
    await page.locator("foldin-shelf li").nth(4).waitFor();
    assert.equal(await page.locator("#popular li").count(), 3);
    const best = await page.locator("#mine li").first().innerText();
    await page.locator("#mine li button").first().click();
    await page.waitForFunction((best) => !document.querySelector("#mine").textContent.includes(best), best);
    await page.evaluate(() => indexedDB.deleteDatabase("foldin"));
  } catch (error) {
    throw new Error(`${error.message}\n${running.said.slice(-3000)}`, { cause: error });
  }
}

for (const [name, { folder, shared = {}, public: assets = "public", dev, build, start: serve }] of Object.entries(FRAMEWORKS)) {
  const tell = async ({ page }) => {
    const { root, remove } = createApp({ ...filesOf(join(sources, folder)), ...shared });
    mkdirSync(join(root, assets));
    copyFileSync(modelPath(), join(root, assets, "movies.safetensors"));
    writeFileSync(join(root, assets, "favicon.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    try {
      for (const command of [dev, serve]) {
        const port = await freePort();
        if (command === serve) {
          const building = start(root, build, port);
          assert.equal(await building.ended, 0, building.said);
        }
        const running = start(root, command(port), port);
        try {
          await look(page, running, port);
        } finally {
          await page.goto("about:blank");
          await running.stop();
        }
      }
    } finally {
      remove();
    }
  };
  // What development servers say on the console.
  story(`${name} serves, builds and starts`, { timeout: 400_000 }, tell, /^\[vite\]|\[HMR\]|React DevTools|\[Fast Refresh\]|<Suspense>/);
}
