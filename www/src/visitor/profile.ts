import { FoldinError } from "../errors.js";
import { reach, within } from "../host/optional.js";
import type { Belief, ItemChange, KeptChange } from "./kept.js";
import { type Contents, type Entry, type Erasure, Store, twins } from "./store.js";
import { type News, Tabs } from "./tabs.js";
import type { StorageState } from "../types.js";

/** The page's end of a profile. */
export interface Home {
  /** The events that there are for the page; those without a key are not stored yet. */
  entries(): readonly Entry[];
  /** Takes over what others did to them. */
  take(events: NonNullable<Contents["events"]>): void;
  /** Hears what others did besides. */
  followed(change: KeptChange): void;
  /** Hears in another tab that the visitor no longer wants to be remembered. */
  left(): void;
  stored(state: StorageState): void;
}

/** Milliseconds that a call waits for the browser's database. */
const PATIENCE = 5_000;
/** The same for what a page waits for when it loads or leaves. */
const SHORT = 800;
const SECOND = 1_000;
/** The longest pause between two attempts. */
const PAUSE = 30 * SECOND;

/**
 * A visitor's events in the store, shared by all tabs that have the profile open.
 *
 * All that happens is a round: it erases what was erased here, reads what others did, and writes what is new here.
 * After it the page shows what the store has, so that no two tabs differ once each has had a round. A call has one, and
 * so has a tab that hears of another one's. What the browser refuses waits for a later round, and there is one before long.
 */
export class Profile {
  readonly #store: Store;
  readonly #home: Home;
  readonly #tabs: Tabs;
  /** What items are kept under. */
  #model: string;
  /** What waits: to be erased, to be written, */
  readonly #erasures = new Set<Erasure>();
  readonly #items = new Map<string, ItemChange>();
  #belief: Belief | undefined;
  /** and to be read, undefined for all items. */
  #unread: Set<string> | undefined;
  /** What the page believes, as text. */
  #believed: string | undefined;
  #round: Promise<unknown> = Promise.resolve();
  /** The round that has not begun. */
  #next: Promise<true> | undefined;
  /** The last state that was told. */
  #state = "";
  /** Whether the browser refused the last time. */
  #refused = false;
  #pause = SECOND;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor(name: string, address: string, home: Home) {
    this.#store = new Store(name);
    this.#home = home;
    this.#model = nameOf(address);
    // Listens before anything is read, so that no change falls between.
    this.#tabs = new Tabs(name, (news) => this.#hear(news));
  }

  /** Opens a profile and reads it, with the items that it keeps for the model of that address. */
  static async open(name: string, address: string, home: Home): Promise<Profile> {
    const profile = new Profile(name, address, home);
    await profile.sync(3 * SECOND);
    return profile;
  }

  /** Whether other tabs cannot hear of this one. */
  get apart(): boolean {
    return this.#tabs.apart;
  }

  /** Has a round that begins after this call. It never fails: what the browser refuses waits, and `storage` tells. */
  async sync(patience = PATIENCE): Promise<void> {
    this.#next ??= this.#round.then(() => {
      this.#next = undefined;
      return this.#haveRound();
    });
    this.#round = this.#next;
    if (!(await within(patience, this.#next))) this.#tell("it does not answer");
  }

  /** Has it erased some time; {@link sync} makes it soon. */
  drop(erasure: Erasure): void {
    this.#erasures.add(erasure);
  }

  /** Erases. Unlike a lost like, a like that comes back after it was erased breaks a promise: the caller must know. */
  async erase(erasure: Erasure): Promise<void> {
    if (erasure.belief) this.#belief = this.#believed = undefined;
    this.drop(erasure);
    await this.sync();
    if (!this.#erasures.has(erasure)) return;
    const remedy = "it is tried again while this page is open, and `storage` tells when it is done";
    throw new FoldinError("storage", `the browser did not erase the events yet; ${remedy}`);
  }

  /** Erases all, has other tabs do so, too, and lets go of the store. */
  async leave(tell: boolean): Promise<void> {
    if (tell) this.#tabs.tell({ left: true });
    await this.erase({ everything: true, belief: true });
    await this.close();
  }

  /** Keeps what became of an item; nothing, if it is as the model has it. */
  keepItem(change: ItemChange): Promise<void> {
    this.#items.set(change.id, change);
    return this.sync();
  }

  /** Keeps what is believed of the visitor. */
  keepBelief(belief: Belief): Promise<void> {
    this.#belief = belief;
    this.#believed = JSON.stringify(belief);
    return this.sync();
  }

  /** Keeps items for the model of another address, those that there are as well. */
  async move(address: string, items: Iterable<ItemChange>): Promise<void> {
    const model = nameOf(address);
    if (model === this.#model) return;
    this.#model = model;
    for (const change of items) this.#items.set(change.id, change);
    await this.sync();
  }

  /** Lets go of the store when all is written, or the browser does not answer. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.sync(SHORT);
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#tabs.close();
    this.#store.close();
  }

  #hear({ model, items = [], left }: News): void {
    if (left) return this.#home.left();
    // Another tab may have another model under the same name.
    if (model === this.#model) for (const id of items) this.#unread?.add(id);
    void this.sync();
  }

  async #haveRound(): Promise<true> {
    if (this.#closed) return true;
    try {
      try {
        await this.#carryOut();
      } catch {
        // What failed once may work with a new connection.
        this.#store.close();
        await this.#carryOut();
      }
      this.#tell();
    } catch (cause) {
      this.#store.close();
      this.#tell(cause);
    }
    return true;
  }

  async #carryOut(): Promise<void> {
    // By itself: a full disk takes nothing more, but lets go.
    const erasures = [...this.#erasures];
    if (erasures.length) {
      // Where there is no database nothing was ever stored.
      if (hasDatabase()) await this.#store.erase(erasures);
      for (const erasure of erasures) this.#erasures.delete(erasure);
      this.#tabs.tell({});
    }
    // As long as the browser refuses, each attempt is a small one.
    if (this.#refused) await this.#exchange(1);
    await this.#exchange();
  }

  async #exchange(most?: number): Promise<void> {
    const [model, belief, all] = [this.#model, this.#belief, this.#home.entries()];
    const known = all.filter(({ key }) => key !== undefined);
    const entries = all.filter(({ key }) => key === undefined).slice(0, most);
    const items = [...this.#items.values()];
    const unread = this.#unread;
    // What others change from here on may be missing in what is read.
    this.#unread = new Set();
    const reading = this.#store.exchange({ entries, model, items, belief }, { known, items: unread });
    const contents = await reading.catch((cause: unknown) => {
      this.#unread = unread && new Set([...unread, ...(this.#unread ?? [])]);
      throw cause;
    });
    entries.forEach((entry, at) => Object.assign(entry, { key: contents.written[at] }));
    // What was read before an erasure that waits by now is read again after it.
    if (contents.events && this.#erasures.size === 0) this.#home.take(this.#unclaimed(contents.events, contents.written));
    for (const change of items) if (this.#items.get(change.id) === change) this.#items.delete(change.id);
    if (belief === this.#belief) this.#belief = undefined;
    if (entries.length || items.length || belief) this.#tabs.tell({ model, items: items.map(({ id }) => id) });
    this.#follow(contents, model);
  }

  /** What others did, without what the page has taken in from the same list since the round began. */
  #unclaimed({ keys, unknown }: NonNullable<Contents["events"]>, written: number[]): NonNullable<Contents["events"]> {
    const unwritten = this.#home.entries().filter(({ key }) => key === undefined);
    const found = twins(unwritten, unknown);
    for (const [entry, key] of found.keys) entry.key = key;
    return { keys: new Set([...keys, ...written]), unknown: found.rest };
  }

  /** Tells the page what others did besides events, unless it has done something itself since. */
  #follow({ items, belief }: Contents, model: string): void {
    const change: KeptChange = {};
    const news = model === this.#model ? items.filter(({ id }) => !this.#items.has(id)) : [];
    if (news.length) change.items = news;
    const believed = belief && JSON.stringify(belief);
    if (!this.#belief && this.#erasures.size === 0 && believed !== this.#believed) {
      this.#believed = believed;
      change.belief = belief ?? null;
    }
    if (change.items || change.belief !== undefined) this.#home.followed(change);
  }

  /** Tells where events are kept, when that has changed, and has what was refused tried again. */
  #tell(trouble?: unknown): void {
    this.#refused = trouble !== undefined;
    clearTimeout(this.#timer);
    // Where there is no database there will be none.
    if (this.#refused && !this.#closed && hasDatabase()) {
      this.#timer = setTimeout(() => void this.sync(), this.#pause);
    }
    this.#pause = this.#refused ? Math.min(2 * this.#pause, PAUSE) : SECOND;
    const unerased = this.#erasures.size > 0;
    const state = `${this.#refused} ${unerased}`;
    if (state === this.#state) return;
    this.#state = state;
    if (!this.#refused) return this.#home.stored({ persistent: true });
    const remedy = "they last as long as this page, which tries again";
    const message = `the browser refused to store events: ${String(trouble)}; ${remedy}`;
    const error = new FoldinError("storage", message, { cause: trouble });
    this.#home.stored({ persistent: false, ...(unerased && { unerased }), error });
  }
}

const hasDatabase = (): boolean => reach(() => indexedDB) !== undefined;

/** A model's address without what tells its versions apart: its items are there for the next version, too. */
const nameOf = (address: string): string => address.replace(/[?#].*/, "").replace(/[.-][0-9a-f]{8,64}(?=\.\w+$)/i, "");
