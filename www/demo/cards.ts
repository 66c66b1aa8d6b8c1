import type { Item, Reason } from "foldin";
import { h } from "./dom.js";
import { becauseOf, words } from "./language.js";
import { arrange } from "./motion.js";
import { opinionButton, showPressed, type Tell } from "./opinion.js";
import { inMoments, task } from "./pause.js";
import { posterLink, titleOf } from "./poster.js";
import { OPINIONS, type Opinion, type Session } from "./session.js";

/** A film with its poster, which leads to its own view, and the two opinions. */
interface Card {
  element: HTMLElement;
  link: HTMLElement;
  /** What its reason is, and the line that says so. */
  reason: string | undefined;
  note: HTMLElement | undefined;
  buttons: Map<Opinion, HTMLButtonElement>;
}

/** What the cards of a list have besides their films. */
export interface CardParts<F extends Item> {
  /** Their `data-testid`. */
  testid: string;
  /** What brought a film, to stand under its poster. */
  reason?: (film: F) => Reason | undefined;
}

/** The cards of a list. A card stays as long as its film does: what is made anew is styled and laid out anew. */
export class Cards<F extends Item> {
  readonly #list: HTMLElement;
  readonly #parts: CardParts<F>;
  readonly #session: Session;
  readonly #tell: Tell;
  #cards = new Map<string, Card>();

  constructor(list: HTMLElement, parts: CardParts<F>, session: Session, tell: Tell) {
    this.#list = list;
    this.#parts = parts;
    this.#session = session;
    this.#tell = tell;
  }

  /** Makes the cards that films have not yet, a few at a time with a pause after them, to be shown then. */
  async make(films: F[], pause: () => Promise<void>): Promise<void> {
    const fresh = films.filter(({ item }) => !this.#cards.has(item));
    await inMoments(fresh, pause, (film) => this.#cards.set(film.item, this.#card(film)));
    if (fresh.length) await pause();
  }

  /**
   * Shows films in this order and no others, and makes what changes `besides`. The focus stays where it was though its
   * film leaves.
   */
  show(films: F[], besides?: () => void): void {
    const cards = new Map(films.map((film) => [film.item, this.#cards.get(film.item) ?? this.#card(film)]));
    this.#cards = cards;
    const place = focusedPlace(this.#list);
    const elements = [...cards.values()].map(({ element }) => element);
    arrange(this.#list, elements, () => {
      for (const film of films) this.#renew(cards.get(film.item) as Card, film);
      besides?.();
    });
    if (place) void task().then(() => refocus(this.#list, place));
  }

  #card(film: F): Card {
    const link = posterLink(film, "h3");
    const button = (opinion: Opinion) => opinionButton(film, opinion, this.#session, this.#tell);
    const buttons = new Map(OPINIONS.map((opinion) => [opinion, button(opinion)]));
    const attributes = { class: "card", "data-testid": this.#parts.testid, "data-item": film.item };
    const element = h("li", attributes, link, h("div", { class: "card-foot" }, ...buttons.values()));
    const card = { element, link, reason: undefined, note: undefined, buttons };
    this.#renew(card, film);
    return card;
  }

  /** Has a card say what is true now. */
  #renew(card: Card, film: F): void {
    const now = this.#session.opinion(film.item);
    for (const [opinion, button] of card.buttons) showPressed(button, opinion, opinion === now);
    const reason = this.#parts.reason?.(film);
    const isLatest = reason?.item === this.#session.latest;
    const named = reason && `${reason.event} ${reason.item} ${isLatest}`;
    if (card.reason === named) return;
    card.reason = named;
    card.note?.remove();
    card.note = reason && because(reason, isLatest);
    if (card.note) card.link.after(card.note);
  }
}

/** The reason for a film, in a line; the visitor's latest opinion is called so. */
function because(reason: Reason, isLatest: boolean): HTMLElement {
  const parts = [becauseOf(reason.event), h("b", {}, titleOf(reason)), isLatest ? words.latest : ""];
  return h("p", { class: "because", "data-testid": "because" }, ...parts);
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
function refocus(list: HTMLElement, { index, button }: Place): void {
  if (document.activeElement !== document.body) return;
  const card = list.children[index] ?? list.lastElementChild;
  card?.querySelector<HTMLElement>(`[data-testid="${button}"]`)?.focus({ preventScroll: true });
}
