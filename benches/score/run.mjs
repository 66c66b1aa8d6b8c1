// Measures foldin's scoring and its peers in one page of a real browser, interleaved, and prints the table.
// usage: node run.mjs CHROMIUM PART,PART... [CONTESTANT...]; `cargo xtask bench score` prepares all that it needs.

import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const require = createRequire(join(root, "www/package.json"));
const { chromium } = require("playwright-core");
const { default: binaryen } = await import(require.resolve("binaryen"));

/** Folders by the address they are served under. */
const FOLDERS = {
  "/foldin/": "www/dist",
  "/node_modules/": "target/bench/score/node_modules",
  "/data/": "target/bench/score",
  "/": "benches/score",
};
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

const server = createServer(({ url }, response) => {
  if (url === "/read.wasm") return response.setHeader("Content-Type", TYPES[".wasm"]).end(floorModule());
  const [prefix, folder] = Object.entries(FOLDERS).find(([prefix]) => url.startsWith(prefix));
  const file = join(root, folder, normalize(url.slice(prefix.length)));
  if (!existsSync(file)) return response.writeHead(404).end();
  response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
  response.setHeader("Content-Length", statSync(file).size);
  createReadStream(file).pipe(response);
});

function floorModule() {
  const module = binaryen.parseText(readFileSync(join(here, "read.wat"), "utf8"));
  module.setFeatures(binaryen.Features.SIMD128);
  return Buffer.from(module.emitBinary());
}

const [executablePath, parts, ...only] = process.argv.slice(2);
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
const browser = await chromium.launch({ executablePath, args });
try {
  // A page of its own for each part, so that nobody inherits memory or compiled code.
  for (const part of parts.split(",")) {
    await inPage(({ part, only }) => import("/page.mjs").then(({ measure }) => measure(part, only)), { part, only });
  }
} finally {
  await browser.close();
  server.close();
}

async function inPage(work, input) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on("console", (message) => console.log(message.text()));
  page.on("pageerror", (error) => console.log(String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/page.html`);
  await page.evaluate(work, input);
  await page.close();
}
