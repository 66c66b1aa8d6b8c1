// Trains in the package what `bench-visitor` trains natively: MovieLens 100K, iALS and SGD, dim 32, 10 epochs. Times
// are from the call to the answer, packing and all.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [ratings, packageFile, native] = process.argv.slice(2);
const { Recommender } = await import(pathToFileURL(packageFile));
const interactions = readFileSync(ratings, "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split("\t"))
  .map(([user, item, value]) => ({ user, item, value: Number(value) }));

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const alone = Object.fromEntries(native.split(",").map((entry) => entry.split("=")));
for (const algorithm of ["ials", "sgd"]) {
  const times = [];
  for (let repeat = 0; repeat < 4; repeat++) {
    const start = performance.now();
    await (await Recommender.train(interactions, { algorithm, dim: 32, epochs: 10 })).close();
    times.push(performance.now() - start);
  }
  // The first one fetches and compiles the module.
  const page = median(times.slice(1));
  const ratio = (page / Number(alone[algorithm])).toFixed(2);
  console.log(`${algorithm}: ${page.toFixed(0)} ms in wasm, ${alone[algorithm]} ms natively on one thread: ${ratio} x`);
}
