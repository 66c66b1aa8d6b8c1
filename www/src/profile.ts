import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { FoldinError } from "./errors.js";
import type { StorageState, VisitorEvent } from "./types.js";

interface StoredEvent extends VisitorEvent {
  profile: string;
}

interface Schema extends DBSchema {
  /** In the order in which they happened, under rising keys. */
  events: {
    key: number;
    value: StoredEvent;
    indexes: { profile: string; "profile, item": [string, string] };
  };
}

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
 * A visitor's events in IndexedDB. Where the browser refuses (private windows, full disks, policies), they live on
 * in the engine's memory alone, and `notify` is told.
 */
export class Profile {
  readonly #name: string;
  readonly #notify: (state: StorageState) => void;
  #database: IDBPDatabase<Schema> | undefined;

  private constructor(name: string, notify: (state: StorageState) => void) {
    this.#name = name;
    this.#notify = notify;
  }

  /** Opens a profile, and reads the events it holds. */
  static async open(name: string, notify: (state: StorageState) => void): Promise<[Profile, VisitorEvent[]]> {
    const profile = new Profile(name, notify);
    try {
      profile.#database = await open();
      const stored = await profile.#database.getAllFromIndex("events", "profile", name);
      notify({ persistent: true });
      return [profile, stored.map(({ profile: _, ...event }) => event)];
    } catch (cause) {
      profile.#giveUp(cause);
      return [profile, []];
    }
  }

  /** Stores events, all in one transaction. */
  async append(events: VisitorEvent[]): Promise<void> {
    if (!this.#database) return;
    try {
      const transaction = this.#database.transaction("events", "readwrite");
      const stored = events.map((event) => transaction.store.add({ ...event, profile: this.#name }));
      await Promise.all([...stored, transaction.done]);
    } catch (cause) {
      this.#giveUp(cause);
    }
  }

  /** Erases all events with these items, all in one transaction. */
  async remove(items: string[]): Promise<void> {
    if (!this.#database) return;
    try {
      const transaction = this.#database.transaction("events", "readwrite");
      const index = transaction.store.index("profile, item");
      const keys = await Promise.all(items.map((item) => index.getAllKeys([this.#name, item])));
      await Promise.all([...keys.flat().map((key) => transaction.store.delete(key)), transaction.done]);
    } catch (cause) {
      // Unlike a lost like, a like that comes back after it was erased breaks a promise: the caller must know.
      throw new FoldinError("storage", `the browser did not erase the events: ${String(cause)}; try again`, { cause });
    }
  }

  /** Lets go of the database. */
  close(): void {
    this.#database?.close();
  }

  #giveUp(cause: unknown): void {
    this.#database?.close();
    this.#database = undefined;
    const message = `the browser refused to store events: ${String(cause)}; they last as long as this page`;
    this.#notify({ persistent: false, error: new FoldinError("storage", message, { cause }) });
  }
}
