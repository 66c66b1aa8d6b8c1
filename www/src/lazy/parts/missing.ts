/** The rows of a model that have yet to arrive. */
export class Missing {
  readonly #firsts: number[];
  readonly #head: Uint32Array;
  readonly #left: Set<number>;
  /** How many rows are missing. */
  size: number;

  /** All rows but those of the `head`, which are in rising order; `firsts` has the first row of each part, then their end. */
  constructor(firsts: number[], head: Uint32Array) {
    this.#firsts = firsts;
    this.#head = head;
    this.#left = new Set(firsts.slice(1).keys());
    this.size = (firsts.at(-1) as number) - head.length;
  }

  /** Parts that have yet to arrive. */
  get parts(): ReadonlySet<number> {
    return this.#left;
  }

  arrived(part: number): void {
    if (!this.#left.delete(part)) return;
    const [first, end] = this.#rows(part);
    this.size -= end - first - this.#headOf(part).length;
  }

  /** Of the rows below `end` that are there and not gone, at most `count` from the `offset`-th on. */
  present(offset: number, count: number, end: number, gone: ReadonlySet<number>): number[] {
    const rows: number[] = [];
    let skipped = 0;
    for (const row of this.#present(end)) {
      if (gone.has(row) || skipped++ < offset) continue;
      if (rows.push(row) >= count) break;
    }
    return rows;
  }

  *#present(end: number): Generator<number> {
    for (const part of this.#firsts.slice(1).keys()) {
      if (this.#left.has(part)) yield* this.#headOf(part);
      else for (let [row, last] = this.#rows(part); row < last; row++) yield row;
    }
    // Items that the page itself added.
    for (let row = this.#firsts.at(-1) as number; row < end; row++) yield row;
  }

  #rows(part: number): [first: number, end: number] {
    return [this.#firsts[part] as number, this.#firsts[part + 1] as number];
  }

  #headOf(part: number): Uint32Array {
    const [first, end] = this.#rows(part).map((row) => below(this.#head, row));
    return this.#head.subarray(first, end);
  }
}

/** How many of the numbers, which rise, are below `limit`. */
function below(numbers: Uint32Array, limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
