/** Lets the browser paint and answer before work goes on; resolves when it has nothing more urgent to do. */
export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(() => resolve(), { timeout: 200 });
    else setTimeout(resolve, 1);
  });

/** Resolves when the next frame has been made. */
export const frame = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Those who wait for a task, and the one channel that brings it: the browser takes long to clear many away. */
const due: (() => void)[] = [];
const { port1: arrival, port2: departure } = new MessageChannel();
arrival.onmessage = () => due.shift()?.();

/** Resolves in a task of its own, the next one: a timer would come later. */
export const task = (): Promise<void> =>
  new Promise((resolve) => {
    due.push(resolve);
    departure.postMessage(0);
  });

/** Milliseconds of work that nobody notices. */
const MOMENT = 4;

/** Begins such a moment; what it returns tells whether it lasts. */
export function moment(): () => boolean {
  const end = performance.now() + MOMENT;
  return () => performance.now() < end;
}

/** Does `work` for each, a moment long at a time and with a pause after it: all at once would hold the page up. */
export async function inMoments<T>(
  things: Iterable<T>,
  pause: () => Promise<void>,
  work: (thing: T) => void,
): Promise<void> {
  let lasts = moment();
  for (const thing of things) {
    if (!lasts()) {
      await pause();
      lasts = moment();
    }
    work(thing);
  }
}

/** Has the page laid out in this task, so that the next frame has only to paint: one task that does both holds it up. */
export const layOut = (): void => void document.body.getBoundingClientRect();

/** Resolves when the changes so far are to be seen: laid out now, painted in a frame. */
export async function shown(): Promise<void> {
  layOut();
  await frame();
}
