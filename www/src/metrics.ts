import { FoldinError } from "./errors.js";
import type { Metrics, Quantiles } from "./types.js";

/** How many of the latest times of each kind the quantiles are of. */
const WINDOW = 256;

/** Counts and times what a recommender does, on this page and for nobody else. */
export class Meter {
  readonly #times = new Map<string, number[]>();
  readonly #errors: Record<string, number> = {};
  readonly #shown = new Set<string>();
  readonly #taken = new Set<string>();

  /** Times a call, for {@link snapshot} and as a `performance.measure` entry, and counts its failure. */
  async time<T>(name: string, call: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await call();
    } catch (error) {
      const kind = error instanceof FoldinError ? error.code : (error as Error).name;
      this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
      throw error;
    } finally {
      const end = performance.now();
      // Edge workers have a clock but no timeline.
      performance.measure?.(`foldin:${name}`, { start, end });
      this.#times.set(name, [...(this.#times.get(name) ?? []), end - start].slice(-WINDOW));
    }
  }

  /** Notes what was recommended. */
  showed(items: { item: string }[]): void {
    for (const { item } of items) this.#shown.add(item);
  }

  /** Notes what the visitor did something with. */
  acted(events: { item: string }[]): void {
    for (const { item } of events) if (this.#shown.has(item)) this.#taken.add(item);
  }

  /** All of it. */
  snapshot(items: number, { hits, misses }: { hits: number; misses: number }): Metrics {
    return {
      milliseconds: Object.fromEntries([...this.#times].map(([name, times]) => [name, quantiles(times)])),
      answers: { hits, misses },
      coverage: this.#shown.size / items,
      acted: this.#shown.size ? this.#taken.size / this.#shown.size : 0,
      errors: { ...this.#errors },
    };
  }
}

function quantiles(times: number[]): Quantiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
