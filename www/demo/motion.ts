import { rising } from "./rising.js";
import { unveil } from "./unveil.js";

/** Whether the visitor wants no motion. */
export const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Makes `entries` those of a list, in this order, and lets what stays glide to its new place and what is new fade in.
 * `besides` makes what else changes on the page with them. All is complete at once: only the eye is led. Entries are told
 * apart by `data-item`.
 */
export function arrange(list: HTMLElement, entries: HTMLElement[], besides: () => void = () => {}): void {
  if (list.children.length === entries.length && entries.every((entry, i) => entry === list.children[i])) return besides();
  // To measure is to lay the page out: first, while that is done already, and not for a list that had nothing that could
  // glide, or is out of sight.
  const glides = !still.matches && list.children.length > 0 && isSeen(list.getBoundingClientRect());
  const before = glides && placesOf(list);
  put(list, entries);
  besides();
  if (before) glide(list, before);
}

/** The entries of a list, by their film. */
export const entriesOf = (list: HTMLElement): Map<string, HTMLElement> =>
  new Map(([...list.children] as HTMLElement[]).map((entry) => [entry.dataset.item ?? "", entry]));

const narrow = matchMedia("(max-width: 40rem)");
/** So many entries of a list are in sight where it is: those of a row, unless the list says how many. */
const near = ({ dataset }: HTMLElement): number => Number(dataset.near ?? (narrow.matches ? 4 : 8));

/** Takes out, moves and puts in as little as possible: all that is not left alone is styled and laid out anew. */
function put(list: HTMLElement, entries: HTMLElement[]): void {
  const wanted = new Set<Element>(entries);
  for (const old of [...list.children]) if (!wanted.has(old)) old.remove();
  const far = near(list);
  for (const [place, entry] of entries.entries()) entry.classList.toggle("far", place >= far);
  const places = new Map<Element, number>([...list.children].map((child, place) => [child, place]));
  const old = entries.filter((entry) => places.has(entry));
  const left = new Set(rising(old.map((entry) => places.get(entry) ?? 0)).map((at) => old[at]));
  let next: Element | null = null;
  for (const entry of [...entries].reverse()) {
    if (!left.has(entry)) list.insertBefore(entry, next);
    next = entry;
  }
  const fresh = entries.filter((entry) => !places.has(entry));
  for (const entry of [...old.filter((entry) => !left.has(entry)), ...fresh]) unveil(entry);
}

/** Leads the eye from where entries lay to where they lie now. All are measured before the first moves. */
function glide(list: HTMLElement, before: Map<string, DOMRect>): void {
  const places = placesOf(list);
  for (const [id, entry] of entriesOf(list)) move(entry, before.get(id), places.get(id) as DOMRect);
}

function move(entry: HTMLElement, from: DOMRect | undefined, to: DOMRect): void {
  const [x, y] = from ? [from.left - to.left, from.top - to.top] : [0, 0];
  if ((from && !x && !y) || !(isSeen(to) || (from && isSeen(from)))) return;
  const start = from ? { transform: `translate(${x}px, ${y}px)` } : { opacity: 0, transform: "scale(.96)" };
  entry.animate([start, {}], { duration: 320, easing: "cubic-bezier(.2,.8,.2,1)" });
}

const placesOf = (list: HTMLElement): Map<string, DOMRect> =>
  new Map([...entriesOf(list)].map(([id, entry]) => [id, entry.getBoundingClientRect()]));

const isSeen = ({ left, top, right, bottom }: DOMRect): boolean =>
  right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
