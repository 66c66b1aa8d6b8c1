import type { Recommendation } from "foldin";
import { because, card, showCards } from "./cards.js";
import { h, say } from "./dom.js";
import { words } from "./language.js";
import { entriesOf } from "./motion.js";
import type { Tell } from "./opinion.js";
import { pause } from "./pause.js";
import type { Session } from "./session.js";
import { sliders } from "./sliders.js";

/** Films that are there with the first frame of a page that starts; the others follow with the next. */
const FIRST = 4;

/** The films for the visitor, each with the film that brought it; resolves when all are there. */
export async function showShelf(section: HTMLElement, session: Session, tell: Tell): Promise<void> {
  const title = h("h2", { id: "shelf-title" });
  const hint = h("p", { class: "hint" });
  const list = h("ul", { class: "shelf", "data-testid": "shelf" });
  const more = h("button", { type: "button", class: "quiet", click: () => void session.more() }, words.more);
  const mix = sliders(session);
  const starting = section.querySelector(".ghosts");
  section.replaceChildren(h("header", { class: "section-head" }, title, hint), mix, list, more);

  const render = (count?: number): void => {
    const known = session.judged.length > 0;
    const trending = session.shelf[0]?.rung === "trending";
    const before = entriesOf(list);
    const cards = session.shelf
      .slice(0, count)
      .map((film) => card(film, { testid: "shelf-item", ...reasonOf(film) }, session, tell, before.get(film.item)));
    showCards(list, cards);
    say(title, known ? words.forYou : trending ? words.forAllNow : words.forAll);
    say(hint, known ? words.forYouHint : words.forAllHint);
    more.hidden = !session.hasMore;
    mix.hidden = !known;
  };
  session.addEventListener("change", () => render());
  if (starting) {
    render(FIRST);
    await pause();
  }
  render();
}

function reasonOf(film: Recommendation): { note?: HTMLElement } {
  const reason = film.because?.find(({ share }) => share > 0);
  return reason ? { note: because(reason.event, reason) } : {};
}
