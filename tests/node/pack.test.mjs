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
  const names = files.map(({ path }) => path.replace(/-[A-Z0-9]{8}\./, "-HASH."));
  assert.deepEqual([...new Set(names)].sort(), [
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
    "dist/arrivals-HASH.js",
    "dist/arrivals-HASH.js.map",
    "dist/ask-HASH.js",
    "dist/ask-HASH.js.map",
    "dist/belief-HASH.js",
    "dist/belief-HASH.js.map",
    "dist/chunk-HASH.js",
    "dist/chunk-HASH.js.map",
    "dist/drift-HASH.js",
    "dist/drift-HASH.js.map",
    "dist/element.d.ts",
    "dist/element.js",
    "dist/element.js.map",
    "dist/element.jsx",
    "dist/errors.d.ts",
    "dist/extras-HASH.js",
    "dist/extras-HASH.js.map",
    "dist/factors-HASH.js",
    "dist/factors-HASH.js.map",
    "dist/history-HASH.js",
    "dist/history-HASH.js.map",
    "dist/host-HASH.js",
    "dist/host-HASH.js.map",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/index.js.map",
    "dist/index.jsx",
    "dist/integrity.json",
    "dist/interactions-HASH.js",
    "dist/interactions-HASH.js.map",
    "dist/local-HASH.js",
    "dist/local-HASH.js.map",
    "dist/merge-HASH.js",
    "dist/merge-HASH.js.map",
    "dist/missing-HASH.js",
    "dist/missing-HASH.js.map",
    "dist/offline.d.ts",
    "dist/offline.js",
    "dist/offline.js.map",
    "dist/onboarding-HASH.js",
    "dist/onboarding-HASH.js.map",
    "dist/pack-HASH.js",
    "dist/pack-HASH.js.map",
    "dist/profile-HASH.js",
    "dist/profile-HASH.js.map",
    "dist/search-HASH.js",
    "dist/search-HASH.js.map",
    "dist/summary-HASH.js",
    "dist/summary-HASH.js.map",
    "dist/train-HASH.js",
    "dist/train-HASH.js.map",
    "dist/trainer-HASH.js",
    "dist/trainer-HASH.js.map",
    "dist/tuning-HASH.js",
    "dist/tuning-HASH.js.map",
    "dist/types.d.ts",
    "dist/types/asking.d.ts",
    "dist/types/catalog.d.ts",
    "dist/types/cold.d.ts",
    "dist/types/loading.d.ts",
    "dist/types/metrics.d.ts",
    "dist/types/training.d.ts",
    "dist/types/visitor.d.ts",
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
    "dist/worker-arrivals.js",
    "dist/worker-arrivals.js.map",
    "dist/worker-belief.js",
    "dist/worker-belief.js.map",
    "dist/worker-drift.js",
    "dist/worker-drift.js.map",
    "dist/worker-fields.js",
    "dist/worker-fields.js.map",
    "dist/worker-history.js",
    "dist/worker-history.js.map",
    "dist/worker-local.js",
    "dist/worker-local.js.map",
    "dist/worker-merge.js",
    "dist/worker-merge.js.map",
    "dist/worker-missing.js",
    "dist/worker-missing.js.map",
    "dist/worker-onboarding.js",
    "dist/worker-onboarding.js.map",
    "dist/worker-pack.js",
    "dist/worker-pack.js.map",
    "dist/worker-profile.js",
    "dist/worker-profile.js.map",
    "dist/worker-question.js",
    "dist/worker-question.js.map",
    "dist/worker-recent.js",
    "dist/worker-recent.js.map",
    "dist/worker-summary.js",
    "dist/worker-summary.js.map",
    "dist/worker-titled.js",
    "dist/worker-titled.js.map",
    "dist/worker-train.js",
    "dist/worker-train.js.map",
    "dist/worker-tuning.js",
    "dist/worker-tuning.js.map",
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
    "docs/glossary.md",
    "docs/import.md",
    "docs/page.jpg",
    "package.json",
    "sbom.cdx.json",
  ]);
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
