// The example in README.md runs as it stands, but for the model's address and the worker, which Node has none of.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { modelPath, packageFolder } from "../support/environment.mjs";

test("the example in README.md prints titles and what brought them", () => {
  const readme = readFileSync(join(packageFolder(), "README.md"), "utf8");
  const [, example] = readme.match(/```ts\n(import [^]*?)```/);
  const address = (path) => JSON.stringify(pathToFileURL(path).href);
  const program = example
    .replace('"foldin"', address(join(packageFolder(), "dist/index.js")))
    .replace('"/movies.safetensors"', address(modelPath()))
    .replace("worker: true, ", "");
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  const lines = printed.trim().split("\n");
  assert.equal(lines.length, 12);
  for (const line of lines) assert.match(line, /^.+ because of Star Wars$/);
});
