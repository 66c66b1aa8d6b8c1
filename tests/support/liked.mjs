// Liked sets for comparing rankings, and the native command's ranking of them.

import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { command, modelPath } from "./environment.mjs";

/** Films in each set: one, few and many. */
const SIZES = [1, 2, 5, 20, 100, 1, 3, 8, 40, 60];

/** Ten different sets out of the ids, popular and rare ones mixed, the same on every run. */
export function likedSets(ids) {
  assert.ok(ids.length >= 200, "a model with at least 200 items is needed");
  return SIZES.map((size, set) => {
    const step = 7 + 2 * set;
    const places = Array.from({ length: size }, (_, i) => (set * 31 + i * step) % ids.length);
    return [...new Set(places)].map((place) => ids[place]);
  });
}

/** What `foldin recommend --json` answers. */
export function nativeTop(liked, count) {
  const args = ["recommend", modelPath(), "--liked", liked.join(","), "--count", String(count), "--json"];
  return JSON.parse(execFileSync(command(), args, { encoding: "utf8" }));
}

/** The same ids in the same order, with scores within 1e-4. */
export function assertSameRanking(found, expected) {
  assert.deepEqual(
    found.map(({ item }) => item),
    expected.map(({ item }) => item),
  );
  found.forEach(({ item, score }, i) => {
    const difference = Math.abs(score - expected[i].score);
    assert.ok(difference <= 1e-4, `item ${item}: score ${score}, the command says ${expected[i].score}`);
  });
}
