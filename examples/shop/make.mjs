// Makes up a shop: 200 products in ten categories, and 3,000 orders of 600 customers, always the same.
//
//   node make.mjs FOLDER     writes products.csv and orders.csv there

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const CATEGORIES = {
  tea: ["Assam", "Sencha", "Oolong", "Rooibos"],
  coffee: ["Espresso", "Filter", "Decaf", "Cold Brew"],
  pots: ["Teapot", "Moka Pot", "Press", "Kettle"],
  cups: ["Mug", "Cup", "Glass", "Tumbler"],
  books: ["Cookbook", "Atlas", "Novel", "Almanac"],
  paper: ["Notebook", "Planner", "Pad", "Folder"],
  pens: ["Fountain Pen", "Pencil", "Marker", "Brush"],
  lamps: ["Desk Lamp", "Lantern", "Spotlight", "Candle"],
  plants: ["Fern", "Cactus", "Ivy", "Orchid"],
  tools: ["Trowel", "Shears", "Can", "Gloves"],
};
/** What is bought with what: a complement, no substitute. */
const GOES_WITH = { tea: "pots", coffee: "cups", books: "lamps", paper: "pens", plants: "tools" };
const MAKES = ["Alder", "Birch", "Cedar", "Elm", "Fir"];

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function makeShop(seed = 1) {
  const chance = random(seed);
  const one = (list) => list[Math.floor(chance() * list.length)];
  const products = Object.entries(CATEGORIES).flatMap(([category, kinds], at) =>
    kinds.flatMap((kind, k) =>
      MAKES.map((make, m) => ({
        id: String(1000 + 20 * at + 5 * k + m),
        title: `${make} ${kind}`,
        category,
        price: Math.round(500 + 4500 * chance()) / 100,
        added: Date.UTC(2026, Math.floor(12 * chance()), 1) / 1000,
      })),
    ),
  );
  const of = (category) => products.filter((product) => product.category === category);
  // Some of each kind sell far better than the rest.
  const pick = (category) => of(category)[Math.floor(20 * chance() ** 2)];
  const orders = [];
  for (let order = 0; order < 3000; order++) {
    const customer = Math.floor(600 * chance());
    const likes = Object.keys(GOES_WITH)[customer % 5];
    const main = chance() < 0.8 ? likes : one(Object.keys(GOES_WITH));
    const basket = new Set([pick(main)]);
    if (chance() < 0.7) basket.add(pick(GOES_WITH[main]));
    if (chance() < 0.2) basket.add(pick(one(Object.keys(CATEGORIES))));
    const timestamp = Date.UTC(2026, 0, 1) / 1000 + order * 10_000;
    for (const { id } of basket) orders.push({ order_id: order, user_id: customer, item_id: id, timestamp });
  }
  return { products, orders };
}

/** A table as CSV, its header the names of the first row. */
export const csvOf = (rows) =>
  [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(",")).join("\n") + "\n";

const [, script, folder] = process.argv;
if (folder && script?.endsWith("make.mjs")) {
  const { products, orders } = makeShop();
  writeFileSync(join(folder, "products.csv"), csvOf(products));
  writeFileSync(join(folder, "orders.csv"), csvOf(orders));
}
