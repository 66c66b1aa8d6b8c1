import { engineCall, type Opened } from "../model/engine.js";
import type { KeptChange } from "./kept.js";
import { FoldinError, wrongValue } from "../errors.js";
import type { Profile } from "./profile.js";
import type { Contents, Entry } from "./store.js";
import { fetched } from "../host/optional.js";
import type { StorageState, VisitorEvent } from "../types.js";

/** One of the visitor's events. */
export interface Known extends Entry {
  /** This version of the model refuses it: it rests in the profile until one takes it. */
  resting?: boolean;
}

/** What the visitor's events live in. */
export interface Home {
  /** The engine with the model; asked anew for each use, as a newer one may take its place. */
  opened(): Opened;
  /** The lowest and the highest rating that the engine takes. */
  scale(): readonly [number, number];
  /** The kinds of events, by the numbers that the engine has for them. */
  kinds(): string[];
  /** Hears of what other tabs did, and where events are stored. */
  changed(): void;
  followed(change: KeptChange): void;
  stored(state: StorageState): void;
}

/** As many events as the engine keeps before it summarises them. */
const MAX_EVENTS = 10_000;
/** How many more there may be in between, as summarising looks at all of them. */
const ROOM = 5_000;

/** The visitor's events: in the engine, in memory and, in step with other tabs, in the stored profile. */
export class Visitor {
  readonly #home: Home;
  /** By their times. */
  #known: Known[] = [];
  /** Where they outlast the page. */
  profile: Profile | undefined;
  /** The name of the profile that is open, or being opened. */
  #name: string | undefined;
  #opening: Promise<void> | undefined;

  constructor(home: Home) {
    this.#home = home;
  }

  /**
   * Reads a stored profile, and stores what is known already; what else it keeps, for the model of that address,
   * `followed` hears.
   */
  async open(name: string, address: string): Promise<void> {
    if (this.#name !== undefined && this.#name !== name) {
      throw wrongValue("profile", `none besides ${JSON.stringify(this.#name)}`, JSON.stringify(name));
    }
    this.#name = name;
    this.#opening ??= this.#open(name, address);
    await this.#opening.catch((error: unknown) => {
      this.#name = this.#opening = undefined;
      throw error;
    });
  }

  async #open(name: string, address: string): Promise<void> {
    // With all that talks to the browser's database, which a page without a profile never needs.
    const { Profile } = await fetched(() => import("./profile.js"));
    let profile: Profile | undefined;
    const isHere = (): boolean => this.profile === profile;
    profile = await Profile.open(name, address, {
      entries: () => (isHere() ? this.#known : []),
      take: (events) => isHere() && this.#follow(events),
      followed: (change) => isHere() && this.#home.followed(change),
      left: () => void (isHere() && this.withdraw(false).catch(() => {})),
      stored: (state) => this.#home.stored(isHere() ? state : { ...state, persistent: false }),
    });
    this.profile = profile;
  }

  /** Erases the stored profile, here and in other tabs, and no longer stores anything; what is known stays for this page. */
  async withdraw(tell: boolean): Promise<void> {
    await this.#opening;
    const { profile } = this;
    if (!profile) return;
    this.profile = this.#name = this.#opening = undefined;
    for (const known of this.#known) delete known.key;
    this.#home.stored({ persistent: false });
    await profile.leave(tell);
  }

  /** Tells an engine that knows nothing yet all that is known: a profile of another model is folded in anew. */
  replay(): void {
    this.#insert([]);
    this.#tell(this.#known);
  }

  /** The events that count. */
  events(): VisitorEvent[] {
    return this.#known.filter(({ resting }) => !resting).map(({ event }) => ({ ...event }));
  }

  /** All events, those that rest too. */
  all(): VisitorEvent[] {
    return this.#known.map(({ event }) => ({ ...event }));
  }

  /** Takes all events up, or none where the engine refuses one. Those on items that it does not know rest. */
  async record(events: VisitorEvent[]): Promise<void> {
    const { engine } = this.#home.opened();
    const known: Known[] = events.map((event) => ({ event, resting: !engineCall(() => engine.has(event.item)) }));
    this.#take(events.filter((_, at) => !known[at]?.resting));
    this.#insert(known);
    await this.store();
  }

  /** Has events that rest count where the engine takes them now; of those alone whose items `may` be there. */
  wake(may: (item: string) => boolean = () => true): void {
    const waking = this.#known.filter(({ resting, event }) => resting && may(event.item));
    if (waking.length > 0) this.#tell(waking);
  }

  /** Has the events on an item that goes rest. */
  rest(item: string): void {
    const known = this.#known.filter(({ event, resting }) => event.item === item && !resting);
    this.#untell(known);
    for (const one of known) one.resting = true;
  }

  /** Takes up events of a list, some of which may rest, without storing them yet; how many do. */
  async add(events: VisitorEvent[]): Promise<number> {
    const added: Known[] = events.map((event) => ({ event, listed: true }));
    this.#tell(added);
    this.#insert(added);
    if (this.#known.length > MAX_EVENTS + ROOM) await this.#summarise();
    return added.filter(({ resting }) => resting).length;
  }

  /** Stores what is not stored yet. */
  async store(): Promise<void> {
    if (this.#known.length > MAX_EVENTS) await this.#summarise();
    await this.profile?.sync();
  }

  /** Takes one event back; whether it was there. */
  async undo(event: VisitorEvent): Promise<boolean> {
    const wanted = signature(event);
    const known = this.#known.filter((known) => signature(known.event) === wanted).at(-1);
    if (!known) return false;
    this.#drop((other) => other === known);
    await this.profile?.erase({ entries: [known] });
    return true;
  }

  /** Takes back all that is known of these items. */
  async forget(items: string[]): Promise<void> {
    const gone = new Set(items);
    this.#drop(({ event }) => gone.has(event.item));
    await this.profile?.erase({ items });
  }

  /** Takes everything back. */
  async erase(): Promise<void> {
    this.#drop(() => true);
    await this.profile?.erase({ everything: true, belief: true });
  }

  async close(): Promise<void> {
    await this.profile?.close();
  }

  /** Does what other tabs did. */
  #follow({ keys, unknown }: NonNullable<Contents["events"]>): void {
    this.#drop(({ key }) => key !== undefined && !keys.has(key));
    this.#tell(unknown);
    this.#insert(unknown);
    this.#home.changed();
  }

  /** Events of one time lie in the order of the store, the same in all tabs. */
  #insert(added: Known[]): void {
    this.#known = [...this.#known, ...added];
    // What comes last is nearly always the newest, and then this only looks.
    this.#known.sort((a, b) => timeOf(a.event) - timeOf(b.event) || keyOf(a) - keyOf(b));
  }

  #drop(isGone: (known: Known) => boolean): void {
    const gone = this.#known.filter(isGone);
    this.#known = this.#known.filter((known) => !isGone(known));
    this.#untell(gone.filter(({ resting }) => !resting));
  }

  /** Has the engine take events back. */
  #untell(list: Known[]): void {
    const { engine } = this.#home.opened();
    if (list.length > 0) engineCall(() => engine.undo(...this.#columns(list.map(({ event }) => event))));
  }

  /** Has the engine take events up; those that it refuses rest. */
  #tell(list: readonly Known[]): void {
    const { engine } = this.#home.opened();
    for (const known of list) known.resting = !engineCall(() => engine.has(known.event.item));
    this.#tellKnown(list.filter(({ resting }) => !resting));
  }

  #tellKnown(list: readonly Known[]): void {
    try {
      this.#take(list.map(({ event }) => event));
    } catch (error) {
      if (error instanceof FoldinError && error.code === "trap") throw error;
      const [only] = list;
      if (only && list.length === 1) only.resting = true;
      // All or none: whichever is to blame lies in one of the halves.
      else for (const half of [list.slice(0, list.length / 2), list.slice(list.length / 2)]) this.#tellKnown(half);
    }
  }

  #take(events: VisitorEvent[]): void {
    const { engine } = this.#home.opened();
    engineCall(() => engine.record(...this.#columns(events)));
  }

  /** Lets go of what the engine let go of when it summarised, and of the oldest that rest. */
  async #summarise(): Promise<void> {
    // Where it does not come now it will later.
    const summary = await fetched(() => import("./summary.js")).catch(() => undefined);
    if (!summary) return;
    const kinds = this.#home.kinds();
    const stays = summary.staying(this.#known, MAX_EVENTS, this.#home.opened(), kinds, (event) => this.#valueOf(event));
    this.profile?.drop({ entries: this.#known.filter((known) => !stays.has(known)) });
    this.#known = [...stays];
  }

  /** Rows, kinds, values and times, as the engine takes events. */
  #columns(events: VisitorEvent[]): [Uint32Array, Uint8Array, Float64Array, Float64Array] {
    const { engine } = this.#home.opened();
    const kinds = this.#home.kinds();
    return [
      Uint32Array.from(events, ({ item }) => engine.find(item)),
      Uint8Array.from(events, ({ event }) => kinds.indexOf(event)),
      Float64Array.from(events, (event) => this.#valueOf(event) ?? Number.NaN),
      Float64Array.from(events, timeOf),
    ];
  }

  /** A rating on a scale of its own is brought to the engine's. */
  #valueOf({ value, scale }: VisitorEvent): number | undefined {
    if (value === undefined || scale === undefined) return value;
    const [[from, to], [low, high]] = [scale, this.#home.scale()];
    return low + ((value - from) / (to - from)) * (high - low);
  }
}

const timeOf = ({ time = 0 }: VisitorEvent): number => time;

/** What is not stored yet comes after what is. */
const keyOf = ({ key = Number.MAX_VALUE }: Known): number => key;

/** Tells events apart: two with the same are the same event. */
export const signature = ({ item, event, value, time, scale }: VisitorEvent): string =>
  JSON.stringify([item, event, value, time, scale]);
