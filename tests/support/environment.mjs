// Where the parts under test are. `cargo xtask test` builds them there; the variables point elsewhere.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

function part(variable, usual, how) {
  const path = resolve(root, process.env[variable] ?? usual);
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing: ${how}, or set ${variable}`);
}

/** The built npm package. */
export const packageFolder = () => part("FOLDIN_PACKAGE", "target/npm/foldin", "run `cargo xtask dist`");
/** The built demo page. */
export const pageFolder = () => part("FOLDIN_PAGE", "www/dist-demo", "run `cargo xtask demo`");
/** A model trained on MovieLens 100K. */
export const modelPath = () => part("FOLDIN_MODEL", "www/demo/public/movies.safetensors", "run `cargo xtask demo`");
/** The native command. */
export const command = () => part("FOLDIN_BIN", "target/release/foldin", "run `cargo build --release`");

/** The model's bytes. */
export const modelBytes = () => new Uint8Array(readFileSync(modelPath()));

/** The built package, as an application would import it. */
export async function importPackage() {
  const manifest = JSON.parse(readFileSync(resolve(packageFolder(), "package.json"), "utf8"));
  return import(resolve(packageFolder(), manifest.exports["."].default));
}

/** A package that www/ depends on for its tests. */
export const requireFromWww = createRequire(resolve(root, "www/package.json"));

/** The Chrome or Chromium to test in. */
export function chromePath() {
  const usual = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ];
  const found = process.env.CHROME_PATH ?? usual.find(existsSync);
  if (found) return found;
  throw new Error("no Chrome or Chromium found: install one, or set CHROME_PATH");
}
