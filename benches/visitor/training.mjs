// Trains in the package what `bench-visitor` trains natively: MovieLens 100K, iALS and SGD, dim 32, 10 epochs. Times
// are from a list of interactions with ids to the packed model, both here and there.

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
  for (let repeat = 0; repeat < 10; repeat++) {
    const start = performance.now();
    await (await Recommender.train(interactions, { algorithm, dim: 32, epochs: 10 })).close();
    times.push(performance.now() - start);
  }
  // The first ones are from before the module was compiled for speed.
  const page = median(times.slice(3));
  const ratio = (page / Number(alone[algorithm])).toFixed(2);
  const first = `${times[0].toFixed(0)} ms the first time`;
  console.log(`${algorithm}: ${page.toFixed(0)} ms in wasm (${first}), ${alone[algorithm]} ms natively on one thread: ${ratio} x`);
}
