// What answers when wasm or the model fails: the page's own list. A chunk of its own.

import { wrongType } from "../../errors.js";
import type { Host } from "../../host/host.js";
import { resolve } from "../../model/files.js";
import type { FallbackList, Item, ModelInfo, Recommendation, VisitorEvent } from "../../types.js";

/** Reads the list: as it is, or from its address. */
export async function readList(source: FallbackList | string | URL): Promise<Item[]> {
  const list: unknown = Array.isArray(source) ? source : await (await fetch(resolve(source))).json();
  if (!Array.isArray(list)) throw wrongType("fallback", "an array of ids or items", typeof list);
  return list.map((one: unknown) => {
    if (typeof one === "string") return { item: one };
    if (typeof (one as Item | null)?.item === "string") return one as Item;
    throw wrongType("fallback", "ids, or items with `item`", typeof one);
  });
}

const INFO = { dim: 0, precision: "f32", bytes: 0, metadata: {} } as const;

/**
 * A host that answers from the list, without what the visitor had and the question leaves out. Events are kept for as
 * long as the page is there; what it cannot do fails as the model did.
 */
export function fallbackHost(list: Item[], cause: unknown): Host {
  const info: ModelInfo = { ...INFO, items: list.length };
  let events: VisitorEvent[] = [];
  const shelf = (count: number, offset: number, without: Iterable<string>, only?: string[]): Recommendation[] => {
    const gone = new Set(without);
    const left = list.filter(({ item }) => !gone.has(item) && (only?.includes(item) ?? true));
    return left.slice(offset, offset + count).map((item) => ({ ...item, score: 0, rung: "fallback" }));
  };
  const host: Partial<Host> = {
    open: async () => info,
    close: async () => {},
    record: async (added) => void events.push(...added.map((event) => ({ time: Date.now(), ...event }))),
    events: async () => [...events],
    forget: async (items) => void (events = events.filter(({ item }) => !items.includes(item))),
    erase: async () => void (events = []),
    setFields: async () => {},
    addedItems: async () => [],
    has: async (id) => list.some(({ item }) => item === id),
    items: async ({ offset, count }) => list.slice(offset, offset + count),
    search: async () => [],
    recent: async () => [],
    recommend: async ({ count = 10, offset = 0, exclude = [], seeds = [], only, seen }) => {
      const known = seen === undefined || seen === "hide" ? events.map(({ item }) => item) : [];
      return { results: shelf(count, offset, [...exclude, ...seeds, ...known], only), rowsRead: 0 };
    },
    similar: async ({ items, options: { count = 10, offset = 0, exclude = [], only } }) =>
      shelf(count, offset, [...exclude, ...items], only),
    rank: async ({ items }) => items.map((item) => ({ item, score: 0, rung: "fallback" })),
  };
  const refuse = async (): Promise<never> => {
    throw cause;
  };
  // What is awaited is asked for `then`, too.
  const get = (known: Partial<Host>, name: string | symbol): unknown =>
    name === "then" ? undefined : (known[name as keyof Host] ?? refuse);
  return new Proxy(host, { get }) as Host;
}
