import type { Reason, Recommendation } from "foldin";
import { Cards } from "./cards.js";
import { h, say } from "./dom.js";
import { words } from "./language.js";
import type { Tell } from "./opinion.js";
import { shown, task } from "./pause.js";
import { type Session, SHELF } from "./session.js";
import { sliders } from "./sliders.js";
import { inTurn } from "./turns.js";

/** The films for the visitor, each with the film that brought it; resolves when they are there. */
export function showShelf(section: HTMLElement, session: Session, tell: Tell): Promise<void> {
  const title = h("h2", { id: "shelf-title" });
  const hint = h("p", { class: "hint" });
  const list = h("ul", { class: "shelf", "data-testid": "shelf", "data-near": SHELF });
  const more = h("button", { type: "button", class: "quiet", click: () => void session.more() }, words.more);
  const mix = sliders(session);
  const cards = new Cards(list, { testid: "shelf-item", reason: reasonOf }, session, tell);
  section.replaceChildren(h("header", { class: "section-head" }, title, hint), mix, list, more);

  const render = inTurn(async () => {
    await cards.make(session.shelf, task);
    const { personal } = session;
    const trending = session.shelf[0]?.rung === "trending";
    say(title, personal ? words.forYou : trending ? words.forAllNow : words.forAll);
    say(hint, personal ? words.forYouHint : words.forAllHint);
    if (mix.hidden === personal) {
      mix.hidden = !personal;
      // The first like brings the sliders: work for a frame of their own, but nothing for a first shelf to wait for.
      if (list.hasChildNodes()) await shown();
    }
    cards.show(session.shelf, () => {
      more.hidden = !session.hasMore;
      list.classList.toggle("reasoned", personal);
    });
  });
  session.addEventListener("change", () => void render());
  return render();
}

const reasonOf = ({ because }: Recommendation): Reason | undefined => because?.find(({ share }) => share > 0);
