// Home, category, product, basket and order: what each page asks, and what it tells.

import { Recommender } from "./node_modules/foldin/dist/index.js";

const inStock = { not: { stock: { max: 0 } } };
const shop = await Recommender.load("shop.safetensors", {
  profile: "small-shop",
  placements: {
    placements: {
      "home-top": { count: 6, where: inStock },
      "home-trending": { count: 6, by: "trending", where: inStock, quota: { categories: { tea: 2, coffee: 2 } } },
      category: { count: 20, where: inStock, seen: { hide: [] } },
      basket: { count: 4, by: "bought-together", where: inStock },
    },
    rules: [{ placement: "home-top", pin: { 1100: 0 }, until: "2099-01-01", note: "book of the year" }],
  },
});
await shop.fromDataLayer((globalThis.dataLayer ??= []));
// A shop's server would say it.
await shop.setFields({ 1000: { stock: 0 } });

const main = document.querySelector("main");
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Items that lead to their pages; a shelf's clicks are credited to its placement. */
function shelf(heading, items, id) {
  const entry = ({ item, title, numbers }) => {
    const link = element("a", { href: `#/product/${item}` }, title);
    link.onclick = () => void shop.record({ item, event: "click", ...(id && { shelf: id }) });
    const made = element("li", {}, link, element("div", {}, `${numbers?.price ?? ""} €`));
    made.dataset.item = item;
    return made;
  };
  return element("section", {}, element("h2", {}, heading), element("ul", {}, ...items.map(entry)));
}

/** What is in the basket: what was put there and neither taken out nor ordered since. */
async function basket() {
  const items = new Set();
  for (const { item, event } of await shop.events()) {
    if (event === "cart") items.add(item);
    if (event === "uncart" || event === "purchase") items.delete(item);
  }
  return [...items];
}

function button(text, press) {
  const made = element("button", {}, text);
  made.onclick = async () => {
    await press();
    await show();
  };
  return made;
}

const pages = {
  async ""() {
    const [top, trending] = await shop.recommendMany(["home-top", "home-trending"]);
    const viewed = await shop.recent({ kinds: ["view"], count: 6 });
    return [
      shelf("For you", top.items, top.id),
      shelf("Trending", trending.items, trending.id),
      ...(viewed.length ? [shelf("Recently viewed", viewed)] : []),
    ];
  },
  async category(category) {
    const { items, id } = await shop.shelf("category", { where: { categories: { in: [category] } } });
    return [shelf(category, items, id)];
  },
  async product(id) {
    const { title, numbers } = await shop.item(id);
    await shop.record({ item: id, event: "view" });
    const options = { count: 6, where: inStock };
    return [
      element("h2", {}, title),
      element("p", {}, `${numbers.price} €`),
      button("Into the basket", () => shop.record({ item: id, event: "cart", quantity: 1, price: numbers.price })),
      shelf("Goes with it", await shop.similar(id, { ...options, by: "bought-together" })),
      shelf("More like this", await shop.similar(id, { ...options, personal: 0.2 })),
    ];
  },
  async basket() {
    const items = await basket();
    if (items.length === 0) return [element("p", {}, "The basket is empty.")];
    const { items: more, id } = await shop.shelf("basket", { seeds: items });
    const inside = await Promise.all(items.map((item) => shop.item(item)));
    const order = element("a", { href: "#/order" }, "Order");
    return [
      shelf("Your basket", inside),
      ...items.map((item) => button(`Take ${item} out`, () => shop.record({ item, event: "uncart" }))),
      order,
      shelf("Bought together", more, id),
    ];
  },
  async order() {
    const items = await Promise.all((await basket()).map((item) => shop.item(item)));
    const bought = items.map(({ item, numbers }) => ({ item, event: "purchase", quantity: 1, price: numbers.price }));
    if (bought.length) await shop.record(bought);
    return [element("p", {}, "Thank you."), shelf("Buy it again", await shop.recommend({ seen: { only: ["purchase"] } }))];
  },
  async search(text) {
    return [shelf(`Found for ${text}`, await shop.search(text, { count: 12 }))];
  },
};

let turns = 0;
async function show() {
  const turn = ++turns;
  const [, page = "", ...rest] = location.hash.split("/");
  const made = await (pages[page] ?? pages[""])(decodeURIComponent(rest.join("/")));
  // Whoever goes on while a page is made wants the next one.
  if (turn !== turns) return;
  main.replaceChildren(...made);
  main.dataset.page = location.hash;
}

addEventListener("hashchange", () => void show());
document.querySelector("#search").addEventListener("input", ({ target }) => {
  location.hash = target.value ? `#/search/${encodeURIComponent(target.value)}` : "#/";
});
await show();
