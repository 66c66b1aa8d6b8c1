/** Whether the visitor wants no motion. */
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Changes a list and lets what stays glide to its new place and what is new fade in. The change itself is complete
 * at once: only the eye is led. Entries are told apart by `data-item`.
 */
export function glide(list: HTMLElement, change: () => void): void {
  const places = new Map(entries(list).map(([id, element]) => [id, element.getBoundingClientRect()]));
  change();
  // To measure is to lay the page out: not for a list that had nothing that could glide.
  if (still.matches || places.size === 0) return;
  for (const [id, element] of entries(list)) {
    const before = places.get(id);
    const now = element.getBoundingClientRect();
    const [x, y] = before ? [before.left - now.left, before.top - now.top] : [0, 0];
    const from = before ? { transform: `translate(${x}px, ${y}px)` } : { opacity: 0, transform: "scale(.96)" };
    if (!before || x || y) element.animate([from, {}], { duration: 320, easing: "cubic-bezier(.2,.8,.2,1)" });
  }
}

const entries = (list: HTMLElement): [string, HTMLElement][] =>
  [...list.querySelectorAll<HTMLElement>(":scope > [data-item]")].map((element) => [
    element.dataset.item ?? "",
    element,
  ]);
