import type { Item } from "foldin";
import { Cards } from "./cards.js";
import { h } from "./dom.js";
import { words } from "./language.js";
import { opinionButton, type Tell } from "./opinion.js";
import { task } from "./pause.js";
import { detailsOf, poster, titleOf } from "./poster.js";
import { OPINIONS, type Session } from "./session.js";
import { sheet } from "./sheet.js";
import { whyBars } from "./why.js";

/** Films like the one that is looked at. */
const LIKE_IT = 12;

/** A film's own view: what it is, why it is recommended, and what is like it. It follows the visitor's opinions. */
export async function showItem(
  id: string,
  session: Session,
  tell: Tell,
  closed: AbortSignal,
): Promise<HTMLElement> {
  const film = await session.item(id);
  if (!film) return sheet(words.unknownItem(id));
  const { recommender } = session;
  const opinions = h("div", { class: "card-foot" });
  const why = h("div", {});
  const list = h("ul", { class: "row", tabindex: 0, "aria-label": words.filmsLike });
  const similar = await recommender.similar(id, { count: LIKE_IT });
  const cards = new Cards(list, { testid: "row-item" }, session, tell);
  await cards.make(similar, task);

  const view = sheet(
    titleOf(film),
    h(
      "div",
      { class: "film", "data-testid": "film", "data-item": id },
      poster(film, "p"),
      h(
        "div",
        { class: "film-facts" },
        h("p", { class: "hint" }, detailsOf(film)),
        opinions,
        h("h3", {}, words.why),
        why,
      ),
    ),
    h("h3", {}, words.filmsLike),
    list,
  );

  const render = async (): Promise<void> => {
    opinions.replaceChildren(...OPINIONS.map((opinion) => opinionButton(film, opinion, session, tell)));
    why.replaceChildren(await reasons(film, session));
    cards.show(similar);
  };
  session.addEventListener("change", () => void render(), { signal: closed });
  await render();
  return view;
}

async function reasons(film: Item, session: Session): Promise<HTMLElement> {
  const [ranked] = await session.recommender.rank([film.item], { explain: true });
  const because = ranked?.because ?? [];
  if (!ranked || !because.length) return h("p", { class: "hint" }, words.whyNone);
  return h("div", {}, h("p", { class: "hint" }, words.whyHint), whyBars(ranked.score, because));
}
