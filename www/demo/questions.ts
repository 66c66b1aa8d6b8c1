// How long each question took, from the page's beginning on: the browser's own list may keep only the latest.

const CALLS = ["foldin:recommend", "foldin:record", "foldin:similar"];
/** The first bin's least, in milliseconds, the last one's greatest, and bins to an octave. */
const [FIRST, LAST, PER_OCTAVE] = [1 / 8, 1024, 4];

/** How many questions took how long: bins of a quarter octave. Tells `change` after each. */
export class Questions extends EventTarget {
  readonly counts = new Array<number>(Math.log2(LAST / FIRST) * PER_OCTAVE).fill(0);

  constructor() {
    super();
    const observer = new PerformanceObserver((list) => {
      const asked = list.getEntries().filter(({ name }) => CALLS.includes(name));
      for (const { duration } of asked) this.#count(duration);
      if (asked.length) this.dispatchEvent(new Event("change"));
    });
    observer.observe({ type: "measure", buffered: true });
  }

  #count(duration: number): void {
    const bin = Math.max(0, Math.min(this.counts.length - 1, Math.floor(binOf(duration))));
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
  }

  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** The middle of the bin with the middle question. */
  get median(): number {
    const half = this.total / 2;
    let seen = 0;
    const bin = this.counts.findIndex((count) => (seen += count) >= half);
    return FIRST * 2 ** ((bin + 0.5) / PER_OCTAVE);
  }
}

/** Where a duration lies among the bins. */
export const binOf = (duration: number): number => Math.log2(Math.max(duration, FIRST) / FIRST) * PER_OCTAVE;
