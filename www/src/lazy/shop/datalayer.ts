// GA4's ecommerce events in, and what shelves show and sell out. A chunk of its own.

import type { Recommender } from "../../api/recommender.js";
import { wrongType } from "../../errors.js";
import type { DataLayer, EventKind, VisitorEvent } from "../../types.js";

/** What GA4's events on items are here. */
const KINDS: Record<string, EventKind> = {
  view_item: "view",
  view_item_list: "impression",
  select_item: "click",
  add_to_cart: "cart",
  remove_from_cart: "uncart",
  add_to_wishlist: "wishlist",
  purchase: "purchase",
};

/** A line of the data layer, as `dataLayer.push({...})` and as `gtag("event", name, {...})` have it. */
interface Line {
  event?: unknown;
  ecommerce?: { items?: unknown } | null;
  items?: unknown;
  0?: unknown;
  1?: unknown;
  2?: { items?: unknown };
}

/** Which lines are of this module's own writing. */
const own = new WeakSet<object>();

/** Records what the layer holds and will hold, and writes into it what shelves show. Returns how to stop. */
export function follow(shop: Recommender, layer: DataLayer): () => void {
  if (!Array.isArray(layer)) throw wrongType("dataLayer", "an array, as window.dataLayer is", typeof layer);
  const take = (line: unknown): void => {
    const events = eventsOf(line);
    // An event that is refused is told by `error`: the page's own analytics go on.
    if (events.length > 0) void shop.record(events).catch(() => {});
  };
  layer.forEach(take);
  const push = layer.push;
  layer.push = (...lines: unknown[]): number => {
    lines.forEach(take);
    return push.apply(layer, lines);
  };
  const write = (event: string, placement: string, items: object[]): void => {
    const line = { event, ecommerce: { item_list_id: placement, items } };
    own.add(line);
    push.call(layer, { ecommerce: null }, line);
  };
  const stops = [
    shop.on("shelf", ({ placement, items }) => {
      const shown = items.map(({ item, title }, index) => ({ item_id: item, ...(title && { item_name: title }), index }));
      write("view_item_list", placement, shown);
    }),
    shop.on("credit", ({ placement, event: { event, item } }) => {
      if (event === "click") write("select_item", placement, [{ item_id: item }]);
    }),
  ];
  return () => {
    layer.push = push;
    for (const stop of stops) stop();
  };
}

/** What a line says that the visitor did; nothing where it is about something else. */
export function eventsOf(line: unknown): VisitorEvent[] {
  if (typeof line !== "object" || line === null || own.has(line)) return [];
  const { event, ecommerce, items, 0: command, 1: name, 2: parameters } = line as Line;
  const kind = KINDS[String(command === "event" ? name : event)];
  const list = ecommerce?.items ?? items ?? parameters?.items;
  if (!kind || !Array.isArray(list)) return [];
  return list.flatMap((one: Record<string, unknown> | null) => {
    const item = one?.item_id ?? one?.id;
    if (typeof item !== "string" && typeof item !== "number") return [];
    const [quantity, price] = [finite(one?.quantity), finite(one?.price)];
    const details = { ...(quantity !== undefined && { quantity }), ...(price !== undefined && { price }) };
    return [{ item: String(item), event: kind, ...details }];
  });
}

function finite(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && value !== "" ? number : undefined;
}
