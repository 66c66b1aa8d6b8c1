import type { Item } from "foldin";
import { h } from "./dom.js";
import { words } from "./language.js";
import { glide } from "./motion.js";
import { opinionButton, type Tell } from "./opinion.js";
import { poster, titleOf } from "./poster.js";
import { itemHash } from "./route.js";
import type { Session } from "./session.js";

/** What a card may have besides its film. */
export interface CardParts {
  /** Its `data-testid`. */
  testid: string;
  /** What stands under the poster. */
  note?: Node;
}

/** Makes a card of a film. */
export type MakeCard<T extends Item> = (film: T, drawn: Element | undefined) => HTMLLIElement;

/** A film with its poster, which leads to its own view, and the two opinions. `drawn` is its poster from before. */
export function card(
  film: Item,
  { testid, note }: CardParts,
  session: Session,
  tell: Tell,
  drawn: Element | undefined,
): HTMLLIElement {
  const link = drawn ?? h("a", { class: "poster-link", href: itemHash(film.item) }, poster(film, "h3"));
  return h(
    "li",
    { class: "card", "data-testid": testid, "data-item": film.item },
    link,
    note,
    h(
      "div",
      { class: "card-foot" },
      opinionButton(film, "like", session, tell),
      opinionButton(film, "dislike", session, tell),
    ),
  );
}

/**
 * Shows films in a list. Films that stay glide to their new place and keep their poster, and the focus stays where
 * it was though its film leaves.
 */
export function showCards<T extends Item>(list: HTMLElement, films: T[], make: MakeCard<T>): void {
  const place = focusedPlace(list);
  const drawn = new Map<string, Element | null>();
  for (const old of list.querySelectorAll<HTMLElement>(":scope > [data-item]")) {
    drawn.set(old.dataset.item ?? "", old.querySelector(".poster-link"));
  }
  glide(list, () => list.replaceChildren(...films.map((film) => make(film, drawn.get(film.item) ?? undefined))));
  refocus(list, place);
}

/** The reason for a film, in a line. */
export function because(event: keyof typeof words.because, film: Pick<Item, "item" | "title">): HTMLElement {
  return h("p", { class: "because", "data-testid": "because" }, words.because[event], h("b", {}, titleOf(film)));
}

interface Place {
  index: number;
  button: string;
}

/** Which button of which card has the focus. */
function focusedPlace(list: HTMLElement): Place | undefined {
  const button = document.activeElement;
  const index = [...list.children].findIndex((card) => card.contains(button));
  return index < 0 ? undefined : { index, button: (button as HTMLElement).dataset.testid ?? "like" };
}

/** A liked film leaves the shelf under the visitor's finger: the focus goes to the film that takes its place. */
function refocus(list: HTMLElement, place: Place | undefined): void {
  const card = place && (list.children[place.index] ?? list.lastElementChild);
  card?.querySelector<HTMLElement>(`[data-testid="${place?.button}"]`)?.focus({ preventScroll: true });
}
