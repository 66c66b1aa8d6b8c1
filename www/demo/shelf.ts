import type { Recommendation } from "foldin";
import { because, card, showCards } from "./cards.js";
import { h } from "./dom.js";
import { words } from "./language.js";
import type { Tell } from "./opinion.js";
import type { Session } from "./session.js";
import { sliders } from "./sliders.js";

/** The films for the visitor, each with the film that brought it. */
export function showShelf(section: HTMLElement, session: Session, tell: Tell): void {
  const title = h("h2", { id: "shelf-title" });
  const hint = h("p", { class: "hint" });
  const list = h("ul", { class: "shelf", "data-testid": "shelf" });
  const more = h("button", { type: "button", class: "quiet", click: () => void session.more() }, words.more);
  const mix = sliders(session);
  section.replaceChildren(h("header", { class: "section-head" }, title, hint), mix, list, more);

  const render = (): void => {
    const known = session.judged.length > 0;
    const trending = session.shelf[0]?.rung === "trending";
    title.textContent = known ? words.forYou : trending ? words.forAllNow : words.forAll;
    hint.textContent = known ? words.forYouHint : words.forAllHint;
    showCards(list, session.shelf, (film, drawn) =>
      card(film, { testid: "shelf-item", ...reasonOf(film) }, session, tell, drawn),
    );
    more.hidden = !session.hasMore;
    mix.hidden = !known;
  };
  session.addEventListener("change", render);
  render();
}

function reasonOf(film: Recommendation): { note?: Node } {
  const reason = film.because?.find(({ share }) => share > 0);
  return reason ? { note: because(reason.event, reason) } : {};
}
