// Long work in short tasks.

/** Milliseconds of work after which the page may do something else. */
const MOMENT = 4;

/** Lets the page do what waits. A timer would come later, and in a page that is not looked at once a second. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(port1.close());
    port2.postMessage(0);
  });

/** Work that is asked, now and then, whether its moment is over. */
export class Moments {
  #end = 0;

  /** Goes on at once, or in a task of its own where the moment is over. */
  async next(): Promise<void> {
    if (performance.now() <= this.#end) return;
    await nextTask();
    this.#end = performance.now() + MOMENT;
  }
}

/** Values between two looks at the clock. */
const STRIDE = 64;

/** A list of what becomes of each value, made in short tasks. */
export async function mapped<T, R>(
  list: readonly T[],
  moments: Moments,
  map: (value: T, at: number) => R,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < list.length; at++) {
    if (at % STRIDE === 0) await moments.next();
    results.push(map(list[at] as T, at));
  }
  return results;
}
