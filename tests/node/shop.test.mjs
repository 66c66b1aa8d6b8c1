// docs/shop.md runs as it stands, one snippet after the other, on the made-up shop of examples/shop.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { csvOf, makeShop } from "../../examples/shop/make.mjs";
import { command, importPackage } from "../support/environment.mjs";

const { Recommender } = await importPackage();
const folder = mkdtempSync(join(tmpdir(), "foldin-shop-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const { products, orders } = makeShop();
writeFileSync(join(folder, "products.csv"), csvOf(products));
writeFileSync(join(folder, "orders.csv"), csvOf(orders));
const foldin = (...words) => execFileSync(command(), words, { cwd: folder, encoding: "utf8" });
const train = "orders.csv --items products.csv --algorithm ials --dim 16 --epochs 5 --baskets -o shop.safetensors";
foldin("train", ...train.split(" "));
const model = join(folder, "shop.safetensors");

const page = readFileSync(new URL("../../docs/shop.md", import.meta.url), "utf8");
const snippets = page.matchAll(/^## (.+)$[^]*?(?=^## |$(?![^]))/gm);
const Program = Object.getPrototypeOf(async () => {}).constructor;

test("every snippet of docs/shop.md does what it says", async (t) => {
  const opened = [];
  const load = async (options, address = model) => {
    const shop = await Recommender.load(address, options);
    opened.push(shop);
    return shop;
  };
  const shop = await load({});
  // What one snippet names, the next may use.
  const named = "const inStock = { not: { stock: { max: 0 } } };";
  let count = 0;
  for (const [section, title] of snippets) {
    for (const [, code] of section.matchAll(/```js\n([^]*?)```/g)) {
      const before = code.includes("const inStock") ? "" : named;
      await t.test(title, () => new Program("assert", "shop", "load", before + code)(assert, shop, load));
      count++;
    }
  }
  assert.ok(count >= 10, `${count} snippets`);
  await Promise.all(opened.map((shop) => shop.close()));
});

test("what lies in one basket is a complement, what is similar a substitute", async () => {
  const shop = await Recommender.load(model);
  const kind = (list) => list.filter(({ tags }) => tags.categories[0] === "pots").length / list.length;
  const tea = orders.map(({ item_id }) => item_id).find((id) => id < "1020");
  const complements = await shop.similar(tea, { by: "bought-together", count: 5 });
  assert.ok(kind(complements) >= 0.6, JSON.stringify(complements.map(({ title }) => title)));
  const told = foldin("similar", "shop.safetensors", tea, "--count", "5", "--json", "--options", '{"by":"bought-together"}');
  const plain = (list) => list.map(({ item, score }) => [item, Math.fround(score)]);
  assert.deepEqual(plain(JSON.parse(told)), plain(complements), "the command answers as the page does");
  await shop.close();
});

test("rules are checked before they go out", () => {
  const check = (rules, name = "rules.json") => {
    writeFileSync(join(folder, name), typeof rules === "string" ? rules : JSON.stringify(rules));
    try {
      return foldin("check", "shop.safetensors", "--rules", name);
    } catch (error) {
      return error.stdout;
    }
  };
  const home = { count: 4, by: "trending" };
  assert.match(check({ placements: { home }, rules: [{ placement: "home", pin: { 1000: 0 }, until: "2099-01-01" }] }), /holds {2}rule 1/);
  assert.match(check({ rules: [{ pin: { 1000: 0 }, until: "2020-01-01" }] }), /FAILS {2}rule 1 .*ran out at 2020-01-01/);
  assert.match(check({ rules: [{ pin: { nobody: 0 } }] }), /no item is called nobody/);
  assert.match(check({ rules: [{ placement: "attic", bury: ["1000"] }], placements: { home } }), /no placement is called attic/);
  assert.match(check({ rules: [{ were: {} }] }), /unknown field `were`/);
  assert.match(check("placement,rule,item,column,tag,value,until\n,pin,1000,,,0,2099-01-01\n,quota,,categories,tea,2,\n", "rules.csv"), /holds {2}rule 2/);
  assert.match(check("rule,item,value\nboost,1000,5000\n", "rules.csv"), /boost: expected a number from 0.001 to 1000/);
});

test("what a merchandiser's CSV says holds in the page", async () => {
  const csv = 'placement,rule,item,column,tag,value,until,note\n,pin,1010,,,1,2099-01-01,"first, they say"\n,exclude,1011,,,,,\n';
  const { createServer } = await import("node:http");
  const server = createServer((_, answer) => answer.end(csv)).listen(0);
  const address = `http://localhost:${server.address().port}/rules.csv`;
  const shop = await Recommender.load(model, { placements: address });
  const [{ items }] = await shop.recommendMany([{ by: "popular", count: 200 }]);
  assert.equal(items[1].item, "1010");
  assert.ok(!items.some(({ item }) => item === "1011"));
  await shop.close();
  server.close();
});
