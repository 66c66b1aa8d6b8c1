// What is published.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { packageFolder } from "../support/environment.mjs";

test("npm pack holds what the package needs and nothing else", () => {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const [{ files }] = JSON.parse(
    execFileSync(npm, ["pack", packageFolder(), "--dry-run", "--json"], { encoding: "utf8" }),
  );
  // What loads when it is asked for has a script of its own, with its map.
  const isPart = (name) => /^dist\/([\w-]+-[A-Z0-9]{8}|worker-[\w-]+)\.js(\.map)?$/.test(name);
  const [parts, names] = [true, false].map((part) => files.map(({ path }) => path).filter((name) => isPart(name) === part));
  const scripts = parts.filter((name) => name.endsWith(".js"));
  assert.deepEqual(scripts.map((name) => `${name}.map`).sort(), parts.filter((name) => name.endsWith(".map")).sort());
  assert.ok(scripts.length > 20, String(scripts.length));
  const entry = (name) => ["d.ts", "js", "js.map", "jsx"].map((ending) => `dist/${name}.${ending}`);
  assert.deepEqual(names.sort(), [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "FORMAT.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "THIRD-PARTY.txt",
    "benches/RESULTS.md",
    "benches/visitor/clicks.svg",
    "dist/LICENSE-fflate",
    "dist/LICENSE-idb",
    "dist/LICENSE-papaparse",
    "dist/api/recommender.d.ts",
    ...entry("element"),
    "dist/errors.d.ts",
    ...entry("index"),
    "dist/integrity.json",
    "dist/live/answers.d.ts",
    "dist/live/shared.d.ts",
    "dist/offline.d.ts",
    "dist/offline.js",
    "dist/offline.js.map",
    ...["react", "svelte"].flatMap(entry),
    "dist/types.d.ts",
    "dist/types/asking.d.ts",
    "dist/types/catalog.d.ts",
    "dist/types/cold.d.ts",
    "dist/types/loading.d.ts",
    "dist/types/metrics.d.ts",
    "dist/types/shop.d.ts",
    "dist/types/training.d.ts",
    "dist/types/visitor.d.ts",
    ...entry("vue"),
    "dist/wasm/foldin_bg.wasm",
    "dist/wasm/foldin_lab_bg.wasm",
    "dist/wasm/foldin_lab_plain_bg.wasm",
    "dist/wasm/foldin_packer_bg.wasm",
    "dist/wasm/foldin_packer_plain_bg.wasm",
    "dist/wasm/foldin_plain_bg.wasm",
    "dist/wasm/foldin_plain_rest_bg.wasm",
    "dist/wasm/foldin_relaxed_bg.wasm",
    "dist/wasm/foldin_relaxed_rest_bg.wasm",
    "dist/wasm/foldin_simd_bg.wasm",
    "dist/wasm/foldin_simd_rest_bg.wasm",
    "dist/wasm/foldin_trainer_bg.wasm",
    "dist/wasm/foldin_trainer_plain_bg.wasm",
    "dist/wasm/foldin_words_bg.wasm",
    "dist/wasm/foldin_words_plain_bg.wasm",
    "dist/worker.js",
    "dist/worker.js.map",
    "docs/1-train.md",
    "docs/2-evaluate.md",
    "docs/3-optimize.md",
    "docs/4-deploy.md",
    "docs/5-monitor.md",
    "docs/6-cold-start.md",
    "docs/API.md",
    "docs/README.md",
    "docs/beyond-one-machine.md",
    "docs/frameworks.md",
    "docs/glossary.md",
    "docs/import.md",
    "docs/page.jpg",
    "docs/python.md",
    "docs/shop.md",
    "docs/words.md",
    "package.json",
    "sbom.cdx.json",
  ]);
});

test("frameworks are not said to be inside: their users have them", () => {
  const { components } = JSON.parse(readFileSync(join(packageFolder(), "sbom.cdx.json"), "utf8"));
  const packages = components.filter(({ purl }) => purl.startsWith("pkg:npm/")).map(({ name }) => name);
  assert.deepEqual(packages.sort(), ["fflate", "idb", "papaparse"]);
});

/** Titles of a document as GitHub and npm turn them into addresses. */
const anchors = (text) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title.toLowerCase().replace(/[^\w\s-]/g, "").replaceAll(" ", "-"),
  );

test("links in the documents lead to what is in the package", () => {
  const documents = ["", "benches", "docs"].flatMap((folder) => {
    const names = readdirSync(join(packageFolder(), folder)).filter((name) => name.endsWith(".md"));
    return names.map((name) => join(folder, name));
  });
  for (const document of documents) {
    const text = readFileSync(join(packageFolder(), document), "utf8").replace(/^```[^]*?^```/gm, "");
    for (const [, address] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(address)) continue;
      const [path, anchor] = address.split("#");
      const target = path ? join(packageFolder(), dirname(document), path) : join(packageFolder(), document);
      assert.ok(existsSync(target), `${document} links to ${address}`);
      if (anchor) assert.ok(anchors(readFileSync(target, "utf8")).includes(anchor), `${document}: ${address}`);
    }
  }
});

test("the reference has every declaration whole, and no tags that nobody can read", () => {
  const reference = readFileSync(join(packageFolder(), "docs/API.md"), "utf8");
  assert.match(reference, /type ArgumentError = \(TypeError \| RangeError\) & \{\n {4}field: string;\n\};/);
  assert.doesNotMatch(reference, /\{@|^@/m);
  for (const [block] of reference.matchAll(/^```ts\n(?:class|interface|type)[^]*?^```/gm)) {
    assert.equal(block.split("{").length, block.split("}").length, block);
  }
});
