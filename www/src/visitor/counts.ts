/** How often each name is there. */
export class Counts {
  readonly #left = new Map<string, number>();

  add(name: string): void {
    this.#left.set(name, (this.#left.get(name) ?? 0) + 1);
  }

  /** Takes one of the name away; whether there was one. */
  take(name: string): boolean {
    const left = this.#left.get(name) ?? 0;
    this.#left.set(name, left - 1);
    return left > 0;
  }
}
