import { FoldinError } from "../errors.js";
import { idle } from "../host/idle.js";
import type { Metrics, Quantiles, Report } from "../types.js";

/** How many of the latest times of each kind the quantiles are of. */
const WINDOW = 256;

/** The last bucket of times ends at 2^17 ms; each one's bound is the square root of 2 times the last. */
const BUCKETS = 37;

/** How many ids may wait to be counted: half a megabyte at most. */
const UNCOUNTED = 65_536;

/** How calls of one kind went. */
interface Calls {
  times: number[];
  buckets: number[];
}

/** Counts and times what a recommender does, on this page and for nobody else. */
export class Meter {
  /** A name for this page load among its reports, and for nothing else. */
  readonly #page = Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  readonly #calls = new Map<string, Calls>();
  readonly #failures: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  /** By item the place it was first shown at, and how often it was. */
  readonly #shown = new Map<string, { place: number; times: number }>();
  // What waits until the page is idle, because it takes longer than many an answer:
  /** What was shown and is not counted yet, */
  #uncounted: { ids: string[]; offset: number }[] = [];
  /** how many ids that is, */
  #idsUncounted = 0;
  /** and calls that are not on the timeline yet. */
  #unmarked: { name: string; start: number; end: number }[] = [];
  #waits = false;
  readonly #taken = new Set<string>();
  readonly #rows = { read: 0, asked: 0 };
  #reports = 0;

  /** Times a call, for {@link snapshot} and as a `performance.measure` entry, and counts its failure. */
  async time<T>(name: string, call: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await call();
    } catch (error) {
      count(this.#failures, name);
      count(this.#errors, error instanceof FoldinError ? error.code : (error as Error).name);
      throw error;
    } finally {
      const end = performance.now();
      // Edge workers have a clock but no timeline.
      if ("measure" in performance) {
        if (this.#unmarked.push({ name, start, end }) > WINDOW) this.#unmarked.shift();
        this.#settleWhenIdle();
      }
      const calls: Calls = this.#calls.get(name) ?? { times: [], buckets: new Array(BUCKETS).fill(0) };
      this.#calls.set(name, calls);
      calls.buckets[bucket(end - start)]! += 1;
      if (calls.times.push(end - start) > WINDOW) calls.times.shift();
    }
  }

  /** Notes that an answer took so many rows of so many. */
  read(rows: number, items: number): void {
    this.#rows.read += rows;
    this.#rows.asked += items;
  }

  /** Notes what was recommended, from the place `offset` on. */
  showed(items: { item: string }[], offset: number): void {
    const ids: string[] = [];
    for (const { item } of items) ids.push(item);
    // A page that is never idle does not pile them up.
    this.#uncounted.push({ ids, offset });
    if ((this.#idsUncounted += ids.length) > UNCOUNTED) this.#count();
    this.#settleWhenIdle();
  }

  #settleWhenIdle(): void {
    if (this.#waits) return;
    this.#waits = true;
    void idle().then(() => this.#settle());
  }

  #settle(): void {
    this.#waits = false;
    this.#count();
    for (const { name, start, end } of this.#unmarked.splice(0)) {
      // Of each name the timeline keeps the latest: it has no bound of its own.
      performance.clearMeasures(`foldin:${name}`);
      performance.measure(`foldin:${name}`, { start, end });
    }
  }

  #count(): void {
    this.#idsUncounted = 0;
    for (const { ids, offset } of this.#uncounted.splice(0)) {
      ids.forEach((id, index) => {
        const known = this.#shown.get(id);
        if (known) known.times++;
        else this.#shown.set(id, { place: offset + index, times: 1 });
      });
    }
  }

  /** Notes what the visitor did something with. */
  acted(events: { item: string }[]): void {
    this.#count();
    for (const { item } of events) if (this.#shown.has(item)) this.#taken.add(item);
  }

  /** All of it. */
  snapshot(items: number, { hits, misses }: { hits: number; misses: number }): Metrics {
    this.#settle();
    const positions: Metrics["positions"] = { shown: [], acted: [] };
    for (const [item, { place }] of this.#shown) {
      for (let at = positions.shown.length; at <= place; at++) positions.shown[at] = positions.acted[at] = 0;
      positions.shown[place]! += 1;
      if (this.#taken.has(item)) positions.acted[place]! += 1;
    }
    return {
      milliseconds: Object.fromEntries([...this.#calls].map(([name, calls]) => [name, quantiles(calls)])),
      answers: { hits, misses },
      rows: { ...this.#rows },
      coverage: this.#shown.size / items,
      acted: this.#shown.size ? this.#taken.size / this.#shown.size : 0,
      positions,
      shown: Object.fromEntries([...this.#shown].map(([item, { times }]) => [item, times])),
      failures: { ...this.#failures },
      errors: { ...this.#errors },
    };
  }

  /** All of it, as a page tells it. */
  report(version: string, metrics: Metrics): Report {
    return { page: this.#page, sequence: ++this.#reports, time: Date.now(), version, ...metrics };
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Up to 0.5, 0.71, 1, 1.41, 2, ... milliseconds. */
function bucket(milliseconds: number): number {
  return Math.min(BUCKETS - 1, Math.ceil(2 * Math.log2(Math.max(milliseconds, 0.5))) + 2);
}

function quantiles({ times, buckets }: Calls): Quantiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
  const count = buckets.reduce((sum, calls) => sum + calls, 0);
  return { count, p50: at(0.5), p95: at(0.95), max: at(1), buckets };
}
