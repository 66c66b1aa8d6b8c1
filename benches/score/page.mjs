// The page: loads every contestant, asks all of them the same queries in turn, and prints medians.

import * as floor from "./peers/floor.mjs";
import * as foldin from "./peers/foldin.mjs";
import * as hnswlib from "./peers/hnswlib.mjs";
import * as javascript from "./peers/javascript.mjs";
import * as onnxruntime from "./peers/onnxruntime.mjs";
import * as tensorflow from "./peers/tensorflow.mjs";
import { wasmBytes } from "./memory.mjs";
import { median, normal } from "./numbers.mjs";
import { print } from "./table.mjs";

const DIM = 64;
const K = 100;
const ROUNDS = 31;
const PEERS = [floor, javascript, onnxruntime, tensorflow, hnswlib];

/** Measures a part; `only` names the peers to be asked, all of them when empty. */
export async function measure(part, only) {
  if (part === "click") await click();
  else if (part === "films") await measureFilms(only);
  else await measureItems(Number(part), only);
}

/** Prints the table for so many random items. */
async function measureItems(items, only) {
  const factors = new Float32Array(await data("factors.f32")).slice(0, items * DIM);
  const ours = [
    ["every row", `flat-${items}`],
    ["skipping", `int8-${items}`],
    ...(items === 1_000_000 ? [["int4, skipping", `int4-${items}`]] : []),
  ];
  await race({ title: `${items} items`, ours, factors, query: normalQuery, only });
}

/** The same for the factors of real films, asked by vectors of real people. */
async function measureFilms(only) {
  const factors = new Float32Array(await data("films.f32"));
  const visitors = new Float32Array(await data("visitors.f32"));
  const query = () => {
    const user = Math.floor((Math.random() * visitors.length) / DIM);
    return visitors.slice(user * DIM, (user + 1) * DIM);
  };
  const ours = [["skipping", "int8-films"]];
  await race({ title: `${factors.length / DIM} real films`, ours, factors, query, only });
}

/** All that is asked alike; the first is what the others are compared with. */
async function race({ title, ours, factors, query, only }) {
  const peers = PEERS.filter(({ name }) => only.length === 0 || only.includes(name));
  console.log(`\n${title}, dim ${DIM}, k ${K}, one thread`);
  const files = ours.map(async ([how, file]) => {
    const bytes = await data(`${file}.safetensors`);
    return { name: `foldin, ${how}`, load: () => foldin.load(bytes), otherItems: file.startsWith("flat") };
  });
  const all = [...(await Promise.all(files)), ...peers.map(({ name, load }) => ({ name, load: () => load(factors, DIM, K) }))];
  const contestants = [];
  for (const contestant of all) contestants.push(await start(contestant, query));
  const { ask } = javascript.load(factors, DIM);
  print(await compare(contestants, ask, query, Math.max(3, Math.round((300_000 * DIM) / factors.length))));
}

/** Loads a contestant and asks it once: from bytes in JavaScript to the first answer. */
async function start({ name, load, otherItems }, query) {
  const bytesBefore = wasmBytes();
  const started = performance.now();
  const contestant = await load();
  await contestant.ask(query(), K);
  const first = performance.now() - started;
  return { name, otherItems, first, megabytes: (wasmBytes() - bytesBefore + (contestant.bytes ?? 0)) / 1e6, ...contestant };
}

/**
 * Everybody in turn, again and again, each round beginning with another; `times` questions at once, because one may
 * be too short for the clock.
 */
async function compare(contestants, exact, query, times) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const queries = Array.from({ length: times }, query);
    const milliseconds = [];
    for (let turn = 0; turn < contestants.length; turn++) {
      const at = (round + turn) % contestants.length;
      const started = performance.now();
      for (const query of queries) await contestants[at].ask(query, K);
      milliseconds[at] = (performance.now() - started) / times;
    }
    rounds.push(milliseconds);
  }
  const rows = contestants.map(async ({ name, ask, first, megabytes, otherItems, rowsRead }, at) => ({
    name,
    "ms": median(rounds.map((milliseconds) => milliseconds[at])),
    // What others on the machine took away is in the median, hardly in the best.
    "best ms": Math.min(...rounds.map((milliseconds) => milliseconds[at])),
    "x": median(rounds.map((milliseconds) => milliseconds[at] / milliseconds[0])),
    "first ms": first,
    "MB": megabytes,
    "rows read": await rowsRead?.(query, K),
    "recall": otherItems ? undefined : await recall(ask, exact, query),
  }));
  return Promise.all(rows);
}

/** Share of the exact best that a contestant finds; undefined for one that finds nothing. */
async function recall(ask, exact, query) {
  const shares = [];
  for (let round = 0; round < 5; round++) {
    const vector = query();
    const found = await ask(vector, K);
    if (!found) return undefined;
    const wanted = new Set(exact(vector, K));
    shares.push(Array.from(found).filter((item) => wanted.has(Number(item))).length / K);
  }
  return shares.reduce((sum, share) => sum + share) / shares.length;
}

/**
 * Prints the time of one click at 100k items: an event, the fold-in and the new best twenty. A page's first ones run in
 * code that the browser has not made fast yet.
 */
async function click() {
  const bytes = await data("int8-100000.safetensors");
  const [cold, warm] = [await hundredClicks(bytes), await hundredClicks(bytes)].map((ms) => `${ms.toFixed(2)} ms`);
  console.log(`\none click at 100000 items, from event to new top 20: median ${warm}; of a page's first hundred ${cold}`);
}

/** The median over a new visitor's first hundred likes. */
async function hundredClicks(bytes) {
  const shop = await foldin.open(bytes);
  const milliseconds = [];
  for (let item = 0; item < 100; item++) {
    const started = performance.now();
    await shop.record({ item: String(item * 997), event: "like" });
    await shop.recommend({ count: 20 });
    milliseconds.push(performance.now() - started);
  }
  await shop.close();
  return median(milliseconds);
}

const normalQuery = () => Float32Array.from({ length: DIM }, normal);

async function data(file) {
  const response = await fetch(`/data/${file}`);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response.arrayBuffer();
}
