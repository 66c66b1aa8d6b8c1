// foldin/react, foldin/vue and foldin/svelte with the frameworks themselves: rendered on a server, hydrated in Chromium.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { after } from "node:test";
import { packageFolder, requireFromWww } from "../support/environment.mjs";
import { POLICY } from "../support/server.mjs";
import { replaceModel, servedApp, story } from "./story.mjs";

const esbuild = requireFromWww("esbuild");
const { compile } = requireFromWww("svelte/compiler");

const sources = fileURLToPath(new URL("./hooks/", import.meta.url));
const peers = join(requireFromWww.resolve("react/package.json"), "../..");
const folder = mkdtempSync(join(tmpdir(), "foldin-hooks-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The extension of a framework's entries. */
const FRAMEWORKS = { react: "jsx", vue: "js", svelte: "js" };

const INITIAL = ["1", "2", "3", "4"].map((item) => ({ item, title: `From the server: ${item}`, score: 0 }));

/** Components of Svelte, for a browser or a server. */
const components = (generate) => ({
  name: "components",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { js } = compile(readFileSync(path, "utf8"), { generate, filename: path });
      return { contents: js.code, loader: "js" };
    }),
});

/** Bundles one entry of a framework's app. */
async function bundle(framework, entry, options) {
  const generate = entry === "server" ? "server" : "client";
  await esbuild.build({
    entryPoints: [join(sources, framework, `${entry}.${FRAMEWORKS[framework]}`)],
    outdir: join(folder, framework, entry),
    bundle: true,
    splitting: true,
    format: "esm",
    jsx: "automatic",
    nodePaths: [peers, join(packageFolder(), "..")],
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true",
    },
    plugins: [components(generate)],
    logLevel: "error",
    ...options,
  });
  return join(folder, framework, entry);
}

/** What a server renders of an app. It must not wait for anything, nor start anything. */
async function rendered(framework) {
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  const server = await bundle(framework, "server", { platform: "node", outExtension: { ".js": ".mjs" }, banner });
  const { render } = await import(pathToFileURL(join(server, "server.mjs")).href);
  return render(INITIAL);
}

/** Serves an app as its server rendered it; the address that comes back has it hydrated. */
async function openApp(framework, page, server) {
  const html = await rendered(framework);
  const built = await bundle(framework, "client", { platform: "browser" });
  const dist = join(packageFolder(), "dist");
  for (const file of readdirSync(dist).filter((name) => /^worker.*\.js$/.test(name))) cpSync(join(dist, file), join(built, file));
  const address = servedApp(built);
  server.folders["/app/wasm/"] = join(dist, "wasm");
  // Frameworks have Trusted Types policies of their own.
  server.policy = POLICY;
  const items = JSON.stringify(INITIAL).replaceAll('"', "&quot;");
  server.files["/app/"] = `<!doctype html><title>hooks</title><link rel=icon href=/favicon.svg>
    <body data-items="${items}"><main>${html}</main><script type="module" src="client.js"></script></body>`;
  await page.goto(address);
}

const list = (page, name) => page.locator(`#${name} li`).evaluateAll((list) => list.map(({ dataset }) => dataset.item).join());

/** What React says on the console. */
const ADVERTISED = /React DevTools/;

/** Counts workers down to none. */
async function noWorkers(page) {
  for (let wait = 0; page.workers().length > 0 && wait < 100; wait++) await page.waitForTimeout(30);
  assert.equal(page.workers().length, 0, "closed when the last is gone");
}

for (const framework of Object.keys(FRAMEWORKS)) {
  const live = async ({ page, server }) => {
    let workers = 0;
    page.on("worker", () => workers++);
    // The model comes when the story says so.
    let send;
    const bytes = server.files["/movies.safetensors"];
    const asked = new Promise((asked) => replaceModel((response) => asked((send = () => response.end(bytes)))));
    await openApp(framework, page, server);
    assert.match(await page.content(), /From the server: 4/);
    await asked;
    assert.equal(await list(page, "first"), "1,2,3,4");
    const height = () => page.locator("#first").evaluate((shelf) => shelf.getBoundingClientRect().height);
    const tall = await height();
    send();
    replaceModel(bytes);
    for (const name of ["first", "second"]) await page.locator(`#${name}[data-status="ready"]`).waitFor();
    assert.equal(await height(), tall, "nothing moves");
    const before = await list(page, "second");
    assert.notEqual(before, "1,2,3,4");
    assert.equal(await list(page, "first"), before);
    await page.locator("foldin-shelf li").nth(3).waitFor();

    await page.locator("#first li button").first().click();
    await page.waitForFunction((before) => {
      const idsOf = (name) => [...document.querySelectorAll(`#${name} li`)].map(({ dataset }) => dataset.item).join();
      const textOf = (list) => [...list].map(({ textContent }) => textContent).join();
      const shelf = document.querySelector("foldin-shelf").shadowRoot.querySelectorAll('[part="select"]');
      const all = idsOf("first") === idsOf("second") && textOf(shelf) === textOf(document.querySelectorAll("#first button"));
      return all && idsOf("second") !== before;
    }, before);
    await page.locator("#change").click();
    await page.locator("#first li").nth(3).waitFor({ state: "detached" });
    await page.waitForFunction(() => document.querySelector("#similar").textContent.split(",").length === 2);
    assert.equal(workers, 1, "one for the element and both providers, mounted twice or not");
    assert.equal(server.requests.filter((request) => request === "GET /movies.safetensors").length, 1);
    await page.evaluate(() => globalThis.unmount());
    await noWorkers(page);
  };
  story(`${framework}: shelves come from a server, share a worker, follow, and leave nothing`, {}, live, ADVERTISED);

  const aborted = async ({ page, server }) => {
    const asked = new Promise((asked) => {
      replaceModel((response) => {
        response.writeHead(200, { "content-length": "1000000" });
        response.write("some of it");
        asked(response);
      });
    });
    await openApp(framework, page, server);
    const response = await asked;
    const closed = new Promise((closed) => response.on("close", closed));
    await page.evaluate(() => globalThis.unmount());
    await closed;
    await noWorkers(page);
  };
  story(`${framework}: what is unmounted before the model is there ends the download`, {}, aborted, ADVERTISED);
}
