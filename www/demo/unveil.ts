/** A frame that comes so many milliseconds after the one before comes in time. */
const IN_TIME = 20;

/** Those that wait for their turn. */
const waiting: Element[] = [];
/** How many are laid out in a frame: one more with each frame that comes in time, one after one that is late. */
let portion = 1;
/** How many more the next frame has room for. */
let room = 1;
let latest = 0;

/**
 * Has an entry's poster and buttons laid out and painted now or a few frames later: the type and drawings of many at
 * once would hold the page up.
 */
export function unveil(element: Element): void {
  if (room === 1 && !waiting.length) requestAnimationFrame(next);
  if (room-- > 0) return;
  element.classList.add("waiting");
  waiting.push(element);
}

function next(now: number): void {
  portion = now - latest < IN_TIME ? portion + 1 : 1;
  latest = now;
  for (const element of waiting.splice(0, portion)) element.classList.remove("waiting");
  room = waiting.length ? 0 : 1;
  if (waiting.length) requestAnimationFrame(next);
}
