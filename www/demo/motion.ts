/** Whether the visitor wants no motion. */
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Makes `entries` those of a list, in this order, and lets what stays glide to its new place and what is new fade in.
 * The change itself is complete at once: only the eye is led. Entries are told apart by `data-item`.
 */
export function arrange(list: HTMLElement, entries: HTMLElement[]): void {
  if (list.children.length === entries.length && entries.every((entry, i) => entry === list.children[i])) return;
  const places = placesOf(list);
  put(list, entries);
  // To measure is to lay the page out: not for a list that had nothing that could glide.
  if (still.matches || places.size === 0) return;
  // All are measured before the first moves, so that the page is laid out once.
  for (const [id, { element, at }] of placesOf(list)) {
    const before = places.get(id)?.at;
    const [x, y] = before ? [before.left - at.left, before.top - at.top] : [0, 0];
    const from = before ? { transform: `translate(${x}px, ${y}px)` } : { opacity: 0, transform: "scale(.96)" };
    if ((before && !x && !y) || !(isSeen(at) || (before && isSeen(before)))) continue;
    element.animate([from, {}], { duration: 320, easing: "cubic-bezier(.2,.8,.2,1)" });
  }
}

/** The entries of a list, by their film. */
export const entriesOf = (list: HTMLElement): Map<string, HTMLElement> =>
  new Map([...list.querySelectorAll<HTMLElement>(":scope > [data-item]")].map((entry) => [entry.dataset.item ?? "", entry]));

/** Takes out and puts in as little as possible: what is moved is styled and laid out anew. */
function put(list: HTMLElement, entries: HTMLElement[]): void {
  const kept = new Set<Element>(entries);
  for (const old of [...list.children]) if (!kept.has(old)) old.remove();
  for (const [place, entry] of entries.entries()) {
    const there = list.children[place] ?? null;
    if (there !== entry) list.insertBefore(entry, there);
  }
}

const placesOf = (list: HTMLElement): Map<string, { element: HTMLElement; at: DOMRect }> =>
  new Map([...entriesOf(list)].map(([id, element]) => [id, { element, at: element.getBoundingClientRect() }]));

const isSeen = ({ left, top, right, bottom }: DOMRect): boolean =>
  right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
