import { engineCall, type Opened } from "../model/engine.js";
import type { Kept, KeptChange } from "./kept.js";
import { FoldinError } from "../errors.js";
import type { Entry, Profile } from "./profile.js";
import type { Change } from "./tabs.js";
import type { StorageState, VisitorEvent } from "../types.js";
import type { Engine } from "../wasm/foldin.js";

/** One of the visitor's events. */
interface Known extends Entry {
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

/** The visitor's events: in the engine, in memory and, in step with other tabs, in the stored profile. */
export class Visitor {
  readonly #home: Home;
  /** By their times. */
  #known: Known[] = [];
  /** Where they outlast the page. */
  profile: Profile | undefined;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Reads a stored profile; what it keeps besides, for the model of that address. Nothing counts before {@link start}. */
  async open(name: string, address: string): Promise<Kept> {
    // With all that talks to the browser's database, which a page without a profile never needs.
    const { Profile } = await import("./profile.js");
    const [profile, entries, kept] = await Profile.open(name, address, (state) => this.#home.stored(state));
    this.profile = profile;
    this.#known = entries.map((entry) => ({ ...entry, resting: true }));
    return kept;
  }

  /** Tells the engine all that is known, and does from now on what other tabs do. */
  start(): void {
    this.replay();
    this.profile?.onChange((change) => this.#follow(change));
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
    await this.#keep(known);
  }

  /** Has events that rest count where the engine takes them now. */
  wake(): void {
    this.#tell(this.#known.filter(({ resting }) => resting));
  }

  /** Has the events on an item that goes rest. */
  rest(item: string): void {
    const known = this.#known.filter(({ event, resting }) => event.item === item && !resting);
    this.#untell(known);
    for (const one of known) one.resting = true;
  }

  /** Takes up what another list tells, but for what is known already; how many were new, how many of them rest. */
  async merge(events: VisitorEvent[]): Promise<{ added: number; resting: number }> {
    const here = new Counts(this.#known.map(({ event }) => signature(event)));
    const added: Known[] = events.filter((event) => !here.take(signature(event))).map((event) => ({ event }));
    this.#tell(added);
    await this.#keep(added);
    return { added: added.length, resting: added.filter(({ resting }) => resting).length };
  }

  /** Takes one event back; whether it was there. */
  async undo(event: VisitorEvent): Promise<boolean> {
    const wanted = signature(event);
    const known = this.#known.filter((known) => signature(known.event) === wanted).at(-1);
    if (!known) return false;
    this.#drop((other) => other === known);
    await this.profile?.remove([known]);
    return true;
  }

  /** Takes back all that is known of these items. */
  async forget(items: string[]): Promise<void> {
    const gone = new Set(items);
    this.#drop(({ event }) => gone.has(event.item));
    await this.profile?.removeItems(items);
  }

  /** Takes everything back. */
  async erase(): Promise<void> {
    this.#drop(() => true);
    await this.profile?.removeAll();
  }

  async close(): Promise<void> {
    await this.profile?.close();
  }

  /** Does what another tab did. */
  #follow({ added = [], removed = [], ...kept }: Change): void {
    const keys = new Set(this.#known.map(({ key }) => key));
    const unknown = added.filter(({ key }) => !keys.has(key));
    this.#tell(unknown);
    this.#insert(unknown);
    const gone = new Set(removed);
    this.#drop(({ key }) => key !== undefined && gone.has(key));
    this.#home.changed();
    this.#home.followed(kept);
  }

  async #keep(added: Known[]): Promise<void> {
    this.#insert(added);
    const dropped = this.#known.length > MAX_EVENTS ? this.#prune() : new Set<Known>();
    await this.profile?.append(added.filter((known) => !dropped.has(known)));
    await this.profile?.remove([...dropped]);
  }

  #insert(added: Known[]): void {
    this.#known = [...this.#known, ...added];
    // What comes last is nearly always the newest, and then this only looks.
    this.#known.sort((a, b) => timeOf(a.event) - timeOf(b.event));
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
  #tell(list: Known[]): void {
    try {
      this.#take(list.map(({ event }) => event));
      for (const known of list) delete known.resting;
    } catch (error) {
      if (error instanceof FoldinError && error.code === "trap") throw error;
      const [only] = list;
      if (only && list.length === 1) only.resting = true;
      // All or none: whichever is to blame lies in one of the halves.
      else for (const half of [list.slice(0, list.length / 2), list.slice(list.length / 2)]) this.#tell(half);
    }
  }

  #take(events: VisitorEvent[]): void {
    const { engine } = this.#home.opened();
    engineCall(() => engine.record(...this.#columns(events)));
  }

  /** Lets go of what the engine let go of when it summarised, and of the oldest that rest; what that is. */
  #prune(): Set<Known> {
    const { engine, catalog } = this.#home.opened();
    const kept = Array.from(keptBy(engine, this.#home.kinds()), ([row, ...rest]) => JSON.stringify([catalog.id(row), ...rest]));
    const counts = new Counts(kept);
    const resting = new Set(this.#known.filter((known) => known.resting).slice(-MAX_EVENTS));
    const told = ({ event }: Known): string =>
      JSON.stringify([event.item, event.event, this.#valueOf(event), timeOf(event)]);
    const stays = new Set(this.#known.filter((known) => resting.has(known) || counts.take(told(known))));
    const dropped = this.#known.filter((known) => !stays.has(known));
    this.#known = [...stays];
    return new Set(dropped);
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

/** The events that the engine keeps, as row, kind, value and time. */
function* keptBy(engine: Engine, kinds: string[]): Generator<[number, string, number | undefined, number]> {
  const numbers = engineCall(() => engine.events());
  for (let at = 0; at < numbers.length; at += 4) {
    const [row = 0, kind = 0, value = Number.NaN, time = 0] = numbers.subarray(at, at + 4);
    yield [row, kinds[kind] ?? "", Number.isNaN(value) ? undefined : value, time];
  }
}

const timeOf = ({ time = 0 }: VisitorEvent): number => time;

/** What makes two events the same. */
const signature = ({ item, event, value, time, scale }: VisitorEvent): string =>
  JSON.stringify([item, event, value, time, scale]);

/** How often each name is there. */
class Counts {
  readonly #left = new Map<string, number>();

  constructor(names: string[]) {
    for (const name of names) this.#left.set(name, (this.#left.get(name) ?? 0) + 1);
  }

  /** Takes one of the name away; whether there was one. */
  take(name: string): boolean {
    const left = this.#left.get(name) ?? 0;
    this.#left.set(name, left - 1);
    return left > 0;
  }
}
