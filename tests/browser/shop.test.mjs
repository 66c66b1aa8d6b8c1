// examples/shop, from its home page to an order.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvOf, makeShop } from "../../examples/shop/make.mjs";
import { command } from "../support/environment.mjs";
import { story } from "./story.mjs";

const read = (name) => readFileSync(new URL(`../../examples/shop/${name}`, import.meta.url), "utf8");

function model() {
  const folder = mkdtempSync(join(tmpdir(), "foldin-shop-"));
  const { products, orders } = makeShop();
  writeFileSync(join(folder, "products.csv"), csvOf(products));
  writeFileSync(join(folder, "orders.csv"), csvOf(orders));
  const train = "train orders.csv --items products.csv --algorithm ials --dim 16 --epochs 5 --baskets -o shop.safetensors";
  execFileSync(command(), train.split(" "), { cwd: folder });
  const bytes = readFileSync(join(folder, "shop.safetensors"));
  rmSync(folder, { recursive: true });
  return bytes;
}

story("a visitor of the shop finds, is shown what goes with it, orders, and may buy again", {}, async ({ page, server }) => {
  server.files["/shop/"] = read("index.html");
  server.files["/shop/shop.css"] = read("shop.css");
  server.files["/shop/shop.svg"] = read("shop.svg");
  server.files["/shop/shop.js"] = read("shop.js").replace("./node_modules/foldin/", "/package/");
  server.files["/shop/shop.safetensors"] = model();
  await page.goto(new URL("shop/", server.url).href);
  const at = (hash) => page.locator(`main[data-page="${hash}"]`).waitFor();
  const items = (heading) =>
    page.locator("section", { has: page.getByRole("heading", { name: heading, exact: true }) }).locator("li");
  const ids = (heading) => items(heading).evaluateAll((list) => list.map(({ dataset }) => dataset.item));
  await items("For you").nth(5).waitFor();
  const [top, trending] = [await ids("For you"), await ids("Trending")];
  assert.equal(top[0], "1100", "what is pinned stands first");
  assert.equal(new Set([...top, ...trending]).size, 12, "nothing stands on both");
  assert.ok(!top.includes("1000"), "what is not in stock does not come");

  await page.locator("#search").fill("cedar snecha");
  await items("Found for cedar snecha").first().getByText("Cedar Sencha").click();
  await page.getByRole("button", { name: "Into the basket" }).click();
  const shown = new URL(page.url()).hash;
  await at(shown);
  const together = await ids("Goes with it");
  assert.ok(together.length > 0 && !together.includes(shown.split("/").at(-1)));

  await page.getByRole("link", { name: "Basket" }).click();
  await at("#/basket");
  assert.equal((await ids("Your basket")).length, 1);
  assert.ok((await ids("Bought together")).length > 0);
  await page.getByRole("link", { name: "Order" }).click();
  await at("#/order");
  assert.equal((await ids("Buy it again")).length, 1);
  await page.getByRole("link", { name: "Home" }).click();
  await at("#/");
  assert.equal((await ids("Recently viewed")).length, 1);
});
