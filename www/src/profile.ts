/*! With idb, ISC, (c) 2016 Jake Archibald: see LICENSE-idb. */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from "idb";
import { FoldinError } from "./errors.js";
import { type Change, Tabs } from "./tabs.js";
import type { StorageState, VisitorEvent } from "./types.js";

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
}

type Store = IDBPObjectStore<Schema, ["events"], "events", "readwrite">;

const open = (): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>("foldin", 1, {
    upgrade(database) {
      const events = database.createObjectStore("events", { autoIncrement: true });
      events.createIndex("profile", "profile");
      events.createIndex("profile, item", ["profile", "item"]);
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
  readonly #notify: (state: StorageState) => void;
  readonly #tabs: Tabs;
  #database: IDBPDatabase<Schema> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(name: string, notify: (state: StorageState) => void) {
    this.#name = name;
    this.#notify = notify;
    // Listens before anything is read, so that no change falls between.
    this.#tabs = new Tabs(name);
  }

  /** Opens a profile, and reads the events it holds. */
  static async open(name: string, notify: (state: StorageState) => void): Promise<[Profile, Entry[]]> {
    const profile = new Profile(name, notify);
    try {
      profile.#database = await open();
      const entries = await read(profile.#database, name);
      notify({ persistent: true });
      return [profile, entries];
    } catch (cause) {
      profile.#giveUp(cause);
      return [profile, []];
    }
  }

  /** Calls back with all that other tabs have changed since the profile was opened, and will change. */
  onChange(take: (change: Change) => void): void {
    this.#tabs.onChange(take);
  }

  /** Stores events, all in one transaction, and gives them their keys. */
  async append(entries: Entry[]): Promise<void> {
    if (entries.length === 0) return;
    return this.#inTurn(async (database) => {
      try {
        const transaction = database.transaction("events", "readwrite");
        const adding = entries.map(({ event }) => transaction.store.add({ ...event, profile: this.#name }));
        const [keys] = await Promise.all([Promise.all(adding), transaction.done]);
        entries.forEach((entry, at) => Object.assign(entry, { key: keys[at] }));
        this.#tabs.tell({ added: entries });
      } catch (cause) {
        this.#giveUp(cause);
      }
    });
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

  /** Erases everything. */
  removeAll(): Promise<void> {
    return this.#erase((store) => store.index("profile").getAllKeys(this.#name));
  }

  /** Lets go of the database when all is written. */
  async close(): Promise<void> {
    await this.#last;
    this.#tabs.close();
    this.#database?.close();
    this.#database = undefined;
  }

  #erase(choose: (store: Store) => Promise<number[]>): Promise<void> {
    return this.#inTurn(async (database) => {
      try {
        const transaction = database.transaction("events", "readwrite");
        const removed = await choose(transaction.store);
        await Promise.all([...removed.map((key) => transaction.store.delete(key)), transaction.done]);
        this.#tabs.tell({ removed });
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
}

async function read(database: IDBPDatabase<Schema>, name: string): Promise<Entry[]> {
  const index = database.transaction("events").store.index("profile");
  const [keys, stored] = await Promise.all([index.getAllKeys(name), index.getAll(name)]);
  return stored.map(({ profile: _, ...event }, at) => ({ event, key: keys[at] as number }));
}
