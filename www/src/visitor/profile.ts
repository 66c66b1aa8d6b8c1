/*! With idb, ISC, (c) 2016 Jake Archibald: see LICENSE-idb. */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from "idb";
import type { Belief, ItemChange, Kept } from "./kept.js";
import { FoldinError } from "../errors.js";
import { type Change, Tabs } from "./tabs.js";
import type { StorageState, VisitorEvent } from "../types.js";

/** An event of the visitor, and its key in the database once it is there. */
export interface Entry {
  event: VisitorEvent;
  key?: number;
}

interface Schema extends DBSchema {
  /** Under rising keys. */
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

type Stores = ["events", "beliefs"];
type Store = IDBPObjectStore<Schema, Stores, "events", "readwrite">;

const open = (): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>("foldin", 2, {
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
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });

/**
 * A visitor's events in IndexedDB, shared by all tabs that have the profile open. Where the browser refuses (private
 * windows, full disks, policies), they live on in memory alone, and `notify` is told.
 *
 * Writes happen one after the other, each in one transaction, and other tabs hear of each once it is stored.
 */
export class Profile {
  readonly #name: string;
  /** What its items are kept under. */
  #model: string;
  readonly #notify: (state: StorageState) => void;
  readonly #tabs: Tabs;
  #database: IDBPDatabase<Schema> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(name: string, model: string, notify: (state: StorageState) => void) {
    this.#name = name;
    this.#model = model;
    this.#notify = notify;
    // Listens before anything is read, so that no change falls between.
    this.#tabs = new Tabs(name);
  }

  /** Opens a profile, and reads the events it holds, and what else it keeps for the model of that address. */
  static async open(
    name: string,
    address: string,
    notify: (state: StorageState) => void,
  ): Promise<[Profile, Entry[], Kept]> {
    const profile = new Profile(name, nameOf(address), notify);
    try {
      profile.#database = await open();
      const read = await profile.#read(profile.#database);
      notify({ persistent: true });
      return [profile, ...read];
    } catch (cause) {
      profile.#giveUp(cause);
      return [profile, [], { items: [], belief: undefined }];
    }
  }

  /** Keeps items for the model of another address, those that there are as well. */
  async move(address: string, items: Iterable<ItemChange>): Promise<void> {
    const model = nameOf(address);
    if (model === this.#model) return;
    this.#model = model;
    for (const change of items) await this.keepItem(change);
  }

  /** Calls back with all that other tabs have changed since the profile was opened, and will change. */
  onChange(take: (change: Change) => void): void {
    // Another tab may have another model under the same name.
    this.#tabs.onChange(({ items, ...rest }) => take(items && rest.model === this.#model ? { ...rest, items } : rest));
  }

  /** Stores events, all in one transaction, and gives them their keys. */
  async append(entries: Entry[]): Promise<void> {
    if (entries.length === 0) return;
    return this.#keep(async (database) => {
      const transaction = database.transaction("events", "readwrite");
      const adding = entries.map(({ event }) => transaction.store.add({ ...event, profile: this.#name }));
      const [keys] = await Promise.all([Promise.all(adding), transaction.done]);
      entries.forEach((entry, at) => Object.assign(entry, { key: keys[at] }));
      return { added: entries };
    });
  }

  /** Keeps what became of an item; nothing, if it is as the model has it. */
  keepItem(change: ItemChange): Promise<void> {
    return this.#keep(async (database) => {
      const key: Schema["items"]["key"] = [this.#name, this.#model, change.id];
      if (change.gone || change.item) await database.put("items", change, key);
      else await database.delete("items", key);
      return { model: this.#model, items: [change] };
    });
  }

  /** Keeps what is believed of the visitor. */
  keepBelief(belief: Belief): Promise<void> {
    return this.#keep(async (database) => {
      await database.put("beliefs", belief, this.#name);
      return { belief };
    });
  }

  /** Erases what is believed of the visitor. */
  removeBelief(): Promise<void> {
    return this.#erase(async () => [], true);
  }

  /** Erases these events. */
  async remove(entries: Entry[]): Promise<void> {
    if (entries.length === 0) return;
    return this.#erase(async () => entries.flatMap(({ key }) => key ?? []));
  }

  /** Erases all events with these items, those of other tabs too. */
  removeItems(items: string[]): Promise<void> {
    return this.#erase(async (store) => {
      const index = store.index("profile, item");
      return (await Promise.all(items.map((item) => index.getAllKeys([this.#name, item])))).flat();
    });
  }

  /** Erases everything that tells of the visitor. */
  removeAll(): Promise<void> {
    return this.#erase((store) => store.index("profile").getAllKeys(this.#name), true);
  }

  /** Lets go of the database when all is written. */
  async close(): Promise<void> {
    await this.#last;
    this.#tabs.close();
    this.#database?.close();
    this.#database = undefined;
  }

  /** Writes, and tells other tabs what; where the browser refuses, all lives in memory from then on. */
  #keep(write: (database: IDBPDatabase<Schema>) => Promise<Change>): Promise<void> {
    return this.#inTurn(async (database) => {
      try {
        this.#tabs.tell(await write(database));
      } catch (cause) {
        this.#giveUp(cause);
      }
    });
  }

  #erase(choose: (store: Store) => Promise<number[]>, belief = false): Promise<void> {
    return this.#inTurn(async (database) => {
      try {
        const transaction = database.transaction<Stores, "readwrite">(["events", "beliefs"], "readwrite");
        const events = transaction.objectStore("events");
        const removed = await choose(events);
        if (belief) await transaction.objectStore("beliefs").delete(this.#name);
        await Promise.all([...removed.map((key) => events.delete(key)), transaction.done]);
        this.#tabs.tell({ removed, ...(belief && { belief: null }) });
      } catch (cause) {
        // Unlike a lost like, a like that comes back after it was erased breaks a promise: the caller must know.
        const message = `the browser did not erase the events: ${String(cause)}; try again`;
        throw new FoldinError("storage", message, { cause });
      }
    });
  }

  /** Does the work after all that was asked for before, unless events live in memory alone by then. */
  #inTurn(work: (database: IDBPDatabase<Schema>) => Promise<void>): Promise<void> {
    const turn = this.#last.then(() => this.#database && work(this.#database));
    this.#last = turn.catch(() => {});
    return turn;
  }

  #giveUp(cause: unknown): void {
    this.#database?.close();
    this.#database = undefined;
    const message = `the browser refused to store events: ${String(cause)}; they last as long as this page`;
    this.#notify({ persistent: false, error: new FoldinError("storage", message, { cause }) });
  }

  async #read(database: IDBPDatabase<Schema>): Promise<[Entry[], Kept]> {
    const [name, model] = [this.#name, this.#model];
    const transaction = database.transaction(["events", "items", "beliefs"]);
    const index = transaction.objectStore("events").index("profile");
    const [keys, stored, items, belief] = await Promise.all([
      index.getAllKeys(name),
      index.getAll(name),
      // An array comes after every string.
      transaction.objectStore("items").getAll(IDBKeyRange.bound([name, model], [name, model, []])),
      transaction.objectStore("beliefs").get(name),
    ]);
    const entries = stored.map(({ profile: _, ...event }, at) => ({ event, key: keys[at] as number }));
    return [entries, { items, belief }];
  }
}

/** A model's address without what tells its versions apart: its items are there for the next version, too. */
const nameOf = (address: string): string => address.replace(/[?#].*/, "").replace(/[.-][0-9a-f]{8,64}(?=\.\w+$)/i, "");
