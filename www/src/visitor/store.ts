/*! With idb, ISC, (c) 2016 Jake Archibald: see LICENSE-idb. */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, type IDBPTransaction, openDB } from "idb";
import type { Belief, ItemChange } from "./kept.js";
import type { VisitorEvent } from "../types.js";
import { signature } from "./visitor.js";

/** An event of the visitor, and its key in the store once it is there. */
export interface Entry {
  event: VisitorEvent;
  key?: number;
  /** It comes from a list that another tab may take in as well: it is to be there once. */
  listed?: boolean;
}

/** What is to be erased: events, all with some items, or all there are; and the belief. */
export interface Erasure {
  entries?: readonly Entry[];
  items?: string[];
  everything?: true;
  belief?: true;
}

/** What is to be written. */
export interface Writing {
  entries: readonly Entry[];
  /** What items are kept under, and those that changed. */
  model: string;
  items: ItemChange[];
  belief: Belief | undefined;
}

/** What is to be read: what is new besides the events that are known, and these items, or all. */
export interface Asking {
  known: readonly Entry[];
  items: Set<string> | undefined;
}

/** What the store has. */
export interface Contents {
  /** Undefined where the known events are those that there are, but for what was written just now. */
  events: { keys: Set<number>; unknown: Entry[] } | undefined;
  /** The keys of what was written just now. */
  written: number[];
  items: ItemChange[];
  belief: Belief | undefined;
}

interface Schema extends DBSchema {
  /** Under rising keys, none of which comes twice. */
  events: {
    key: number;
    value: VisitorEvent & { profile: string };
    indexes: { profile: string; "profile, item": [string, string] };
  };
  /** Items that a page added to a model or removed, by profile, model and id. */
  items: { key: [profile: string, model: string, id: string]; value: ItemChange };
  /** What is believed of a visitor, by profile. */
  beliefs: { key: string; value: Belief };
}

type Names = ["events", "items", "beliefs"];
const NAMES: Names = ["events", "items", "beliefs"];
type Transaction = IDBPTransaction<Schema, Names, "readwrite">;
type Events = IDBPObjectStore<Schema, Names, "events", "readwrite">;

/** Requests that are made at a stretch: each takes the page some ten microseconds. */
const TOGETHER = 250;

/** More unknown events than this are read faster with all others. */
const FEW = 100;

/**
 * One profile in IndexedDB. Each call is one transaction, and the browser makes those of all tabs one after the other:
 * their order is the one order of all that happens to a profile.
 */
export class Store {
  readonly #name: string;
  #database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Erases what is there of it. */
  erase(erasures: readonly Erasure[]): Promise<void> {
    return this.#transact(async (transaction) => {
      const events = transaction.objectStore("events");
      for (const erasure of erasures) {
        const keys = await this.#keysOf(erasure, events);
        await inGroups(keys, (key) => events.delete(key));
        if (erasure.belief) await transaction.objectStore("beliefs").delete(this.#name);
      }
    });
  }

  /** Reads what others did, then writes. */
  exchange({ entries, model, items, belief }: Writing, asking: Asking): Promise<Contents> {
    return this.#transact(async (transaction) => {
      const [store, beliefs] = [transaction.objectStore("items"), transaction.objectStore("beliefs")];
      const events = await this.#unknown(asking.known, transaction.objectStore("events"));
      const { keys, rest } = twins(entries, events?.unknown ?? []);
      const add = ({ event }: Entry) => transaction.objectStore("events").add({ ...event, profile: this.#name });
      const written = await inGroups(entries, async (entry) => keys.get(entry) ?? add(entry));
      for (const change of items) {
        const key: Schema["items"]["key"] = [this.#name, model, change.id];
        await (change.gone || change.item ? store.put(change, key) : store.delete(key));
      }
      if (belief) await beliefs.put(belief, this.#name);
      const read = await this.#items(asking.items, model, transaction);
      return { events: events && { ...events, unknown: rest }, written, items: read, belief: await beliefs.get(this.#name) };
    });
  }

  /** Lets go of the database; the next call opens it anew. */
  close(): void {
    this.#database?.then((database) => database.close()).catch(() => {});
    this.#database = undefined;
  }

  async #transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    this.#database ??= this.#open();
    const transaction = (await this.#database).transaction(NAMES, "readwrite");
    // Whoever awaits the work hears of its failure first.
    transaction.done.catch(() => {});
    try {
      const result = await work(transaction);
      await transaction.done;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has ended already.
      }
      throw error;
    }
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    return openDB<Schema>("foldin", 2, {
      upgrade(database, version) {
        if (version < 1) {
          const events = database.createObjectStore("events", { autoIncrement: true });
          events.createIndex("profile", "profile");
          events.createIndex("profile, item", ["profile", "item"]);
        }
        database.createObjectStore("items");
        database.createObjectStore("beliefs");
      },
      // A tab with a newer foldin wants to change the database: make way rather than block it.
      blocking: () => this.close(),
      terminated: () => this.close(),
    });
  }

  async #keysOf({ entries = [], items = [], everything }: Erasure, events: Events): Promise<number[]> {
    if (everything) return events.index("profile").getAllKeys(this.#name);
    const ofItems = await inGroups(items, (item) => events.index("profile, item").getAllKeys([this.#name, item]));
    return [...entries.flatMap(({ key }) => key ?? []), ...ofItems.flat()];
  }

  /**
   * What others did since all known events were all there were. Keys only rise, so that whatever was added has a higher
   * one than the last known, and as many events up to the same last one are the same events.
   */
  async #unknown(known: readonly Entry[], events: Events): Promise<Contents["events"]> {
    const index = events.index("profile");
    const own = new Set(known.map(({ key }) => key));
    const last = known.reduce((last, { key = 0 }) => Math.max(last, key), 0);
    const [count, end] = await Promise.all([index.count(this.#name), index.openKeyCursor(this.#name, "prev")]);
    if (count === own.size && (end?.primaryKey ?? 0) === last) return undefined;
    const keys = await index.getAllKeys(this.#name);
    const missing = keys.filter((key) => !own.has(key));
    const entryOf = (key: number, value: Schema["events"]["value"]): Entry => {
      const { profile: _, ...event } = value;
      return { event, key };
    };
    if (missing.length > FEW) {
      const values = await index.getAll(this.#name);
      const unknown = values.flatMap((value, at) => (own.has(keys[at]) ? [] : entryOf(keys[at] as number, value)));
      return { keys: new Set(keys), unknown };
    }
    const values = await Promise.all(missing.map((key) => events.get(key)));
    const unknown = values.map((value, at) => entryOf(missing[at] as number, value as Schema["events"]["value"]));
    return { keys: new Set(keys), unknown };
  }

  /** The items asked for; one without a change is as the model has it. */
  async #items(wanted: Set<string> | undefined, model: string, transaction: Transaction): Promise<ItemChange[]> {
    const store = transaction.objectStore("items");
    // An array comes after every string.
    if (!wanted) return store.getAll(IDBKeyRange.bound([this.#name, model], [this.#name, model, []]));
    return inGroups([...wanted], async (id) => (await store.get([this.#name, model, id])) ?? { id });
  }
}

/**
 * Finds events of a list that another tab has stored from the same list: each of them and its stored twin are one event. Tells
 * their keys, and what is `unknown` besides.
 */
export function twins(entries: readonly Entry[], unknown: Entry[]): { keys: Map<Entry, number>; rest: Entry[] } {
  const keys = new Map<Entry, number>();
  const listed = unknown.length > 0 ? entries.filter(({ listed }) => listed) : [];
  if (listed.length === 0) return { keys, rest: unknown };
  const stored = new Map(unknown.map((other) => [signature(other.event), other]));
  const found = new Set<Entry>();
  for (const entry of listed) {
    const twin = stored.get(signature(entry.event));
    if (twin?.key === undefined || found.has(twin)) continue;
    found.add(twin);
    keys.set(entry, twin.key);
  }
  return { keys, rest: unknown.filter((other) => !found.has(other)) };
}

/** Makes a request for each, some at a time, so that the page can do something else in between. */
async function inGroups<T, R>(list: readonly T[], request: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < list.length; from += TOGETHER) {
    results.push(...(await Promise.all(list.slice(from, from + TOGETHER).map(request))));
  }
  return results;
}
