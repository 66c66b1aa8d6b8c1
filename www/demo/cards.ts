import type { Item } from "foldin";
import { h } from "./dom.js";
import { words } from "./language.js";
import { arrange } from "./motion.js";
import { OPINIONS, opinionButton, showPressed, type Tell } from "./opinion.js";
import { poster, titleOf } from "./poster.js";
import { itemHash } from "./route.js";
import type { Session } from "./session.js";

/** What a card may have besides its film. */
export interface CardParts {
  /** Its `data-testid`. */
  testid: string;
  /** What stands under the poster. */
  note?: HTMLElement;
}

/**
 * A film with its poster, which leads to its own view, and the two opinions. `old` is its card from before, which then
 * says what is new.
 */
export function card(
  film: Item,
  { testid, note }: CardParts,
  session: Session,
  tell: Tell,
  old: HTMLElement | undefined,
): HTMLElement {
  if (old) {
    showNote(old, note);
    for (const opinion of OPINIONS) {
      const button = old.querySelector(`:scope > .card-foot > .${opinion}`);
      if (button) showPressed(button, opinion, session.opinion(film.item) === opinion);
    }
    return old;
  }
  return h(
    "li",
    { class: "card", "data-testid": testid, "data-item": film.item },
    h("a", { class: "poster-link", href: itemHash(film.item) }, poster(film, "h3")),
    note,
    h("div", { class: "card-foot" }, ...OPINIONS.map((opinion) => opinionButton(film, opinion, session, tell))),
  );
}

function showNote(card: HTMLElement, note: HTMLElement | undefined): void {
  const before = card.querySelector(".because");
  if (before?.textContent === note?.textContent) return;
  before?.remove();
  if (note) card.querySelector(".poster-link")?.after(note);
}

/** Shows cards in a list. The focus stays where it was though its film leaves. */
export function showCards(list: HTMLElement, cards: HTMLElement[]): void {
  const place = focusedPlace(list);
  arrange(list, cards);
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
