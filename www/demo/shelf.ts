import type { Reason, Recommendation } from "foldin";
import { h } from "./dom.js";
import { glide } from "./motion.js";
import { opinionButton, type Tell } from "./opinion.js";
import { poster, titleOf } from "./poster.js";
import type { Session } from "./session.js";

/** The films for the visitor, each with the film that brought it. */
export function showShelf(section: HTMLElement, session: Session, tell: Tell): void {
  const title = h("h2", { id: "shelf-title" });
  const hint = h("p", { class: "hint" });
  const list = h("ul", { class: "shelf", "data-testid": "shelf" });
  section.replaceChildren(h("header", { class: "section-head" }, title, hint), list);

  const render = (): void => {
    const known = session.judged.length > 0;
    title.textContent = known ? "For you" : "Loved by many";
    hint.textContent = known
      ? "Every film here follows from what you told, and says so."
      : "You have told nothing yet. Find a film above, or start with one of these.";
    const place = focusedPlace(list);
    glide(list, () => list.replaceChildren(...session.shelf.map((film) => card(film, session, tell))));
    refocus(list, place);
  };
  session.addEventListener("change", render);
  render();
}

function card(film: Recommendation, session: Session, tell: Tell): HTMLLIElement {
  const reason = film.because?.find(({ share }) => share > 0);
  return h(
    "li",
    { class: "card", "data-testid": "shelf-item", "data-item": film.item },
    poster(film, "h3"),
    h(
      "div",
      { class: "card-foot" },
      reason ? because(reason) : h("span", { class: "because" }),
      opinionButton(film, "like", session, tell),
      opinionButton(film, "dislike", session, tell),
    ),
  );
}

function because(reason: Reason): HTMLElement {
  const did = reason.event === "dislike" ? "disliked" : "liked";
  return h("span", { class: "because", "data-testid": "because" }, `Because you ${did} `, h("b", {}, titleOf(reason)));
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
