// What the visitor did something with, latest first. A chunk of its own.

import type { Opened } from "../../model/engine.js";
import type { Item, RecentOptions, VisitorEvent } from "../../types.js";

export function recent({ engine, catalog }: Opened, events: VisitorEvent[], options: RecentOptions): Item[] {
  const { count = 10, kinds, exclude = [] } = options;
  const items = new Set<string>();
  for (const { item, event } of [...events].reverse()) {
    if (items.size === count) break;
    if ((kinds ? kinds.includes(event) : event !== "impression") && !exclude.includes(item)) items.add(item);
  }
  return [...items].filter((id) => engine.has(id)).map((id) => catalog.item(engine.find(id)));
}
