import { layOut, moment, task } from "./pause.js";

/** Those whose turn comes. */
const waiting: Element[] = [];

/**
 * Has an entry's poster laid out for one of the next frames: the type and drawings of many at once would hold the page
 * up, and the frame that shows where entries lie has enough to do. What is out of sight goes on waiting until it comes in
 * sight.
 */
export function unveil(entry: Element): void {
  entry.classList.add("waiting");
  if (waiting.push(entry) === 1) requestAnimationFrame(() => requestAnimationFrame(next));
}

/** Has nothing wait any longer. */
export function unveilAll(): void {
  for (const entry of document.querySelectorAll(".waiting")) entry.classList.remove("waiting");
}

// Rows and far entries, which the browser leaves out until they come near.
document.addEventListener(
  "contentvisibilityautostatechange",
  (event) => {
    const { skipped, target } = event as ContentVisibilityAutoStateChangeEvent;
    const here = target as Element;
    if (!skipped) for (const entry of [here, ...here.children]) if (entry.classList.contains("waiting")) unveil(entry);
  },
  true,
);

/** As many as there is time for: one at least. */
async function next(): Promise<void> {
  await task();
  const lasts = moment();
  while (waiting.length && lasts()) {
    const entry = waiting.shift() as Element;
    if (leftOut(entry)) continue;
    entry.classList.remove("waiting");
    layOut();
  }
  if (waiting.length) requestAnimationFrame(next);
}

/** Whether the browser leaves out what is in an entry because it is out of sight. An older one cannot say, nor does it. */
const leftOut = ({ firstElementChild: part }: Element): boolean =>
  !!part?.checkVisibility?.() && !part.checkVisibility({ contentVisibilityAuto: true });
