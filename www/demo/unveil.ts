/** A frame that comes so many milliseconds after the one before comes in time. */
const IN_TIME = 20;

/** So many wait at most: what comes after them is out of sight. */
const MOST = 24;

/** Those that wait for their turn. */
const waiting: Element[] = [];
/** How many are laid out in a frame: one more with each frame that comes in time, one after one that is late. */
let portion = 1;
let latest = 0;

/**
 * Has an entry's poster and buttons laid out and painted in one of the next frames: the type and drawings of many at
 * once would hold the page up. The frame that shows where entries lie has enough to do.
 */
export function unveil(element: Element): void {
  if (waiting.length === MOST) return;
  element.classList.add("waiting");
  if (waiting.push(element) === 1) requestAnimationFrame(() => requestAnimationFrame(next));
}

function next(now: number): void {
  portion = now - latest < IN_TIME ? portion + 1 : 1;
  latest = now;
  for (const element of waiting.splice(0, portion)) element.classList.remove("waiting");
  if (waiting.length) requestAnimationFrame(next);
}
