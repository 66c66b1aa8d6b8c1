// A taste as a link: it travels in the address's fragment, which no server gets to see.

import type { Item } from "foldin";
import { copyButton } from "./copy.js";
import { h } from "./dom.js";
import { words } from "./language.js";
import { arrange } from "./motion.js";
import { inMoments, task } from "./pause.js";
import { posterLink } from "./poster.js";
import { type Taste, tasteHash } from "./route.js";
import type { Session } from "./session.js";
import { sheet } from "./sheet.js";

/** A button that, pressed, makes the link and offers it to be copied. */
export function shareButton(session: Session): HTMLElement {
  const place = h("span", { class: "share" });
  const open = (): void => {
    const ids = (wanted: string): string[] =>
      session.judged.filter(({ opinion }) => opinion === wanted).map(({ item }) => item.item);
    const link = new URL(tasteHash({ like: ids("like"), dislike: ids("dislike") }), location.href).href;
    const field = h("input", {
      class: "share-link",
      readonly: true,
      value: link,
      "aria-label": words.share,
      "data-testid": "share-link",
      focus: () => field.select(),
    });
    place.classList.add("open");
    place.replaceChildren(field, copyButton(link, words.shareCopy), h("small", { class: "hint" }, words.shareHint));
    field.focus();
  };
  const button = h(
    "button",
    { type: "button", class: "quiet", "data-testid": "share", click: open },
    words.share,
  );
  place.append(button);
  // What was shared is of its moment.
  session.addEventListener("change", () => {
    if (place.classList.contains("open")) place.replaceChildren(button);
    place.classList.remove("open");
  });
  return place;
}

/** Somebody's taste, to be looked at and, on request, taken over. */
export async function showTaste(taste: Taste, session: Session, taken: () => void): Promise<HTMLElement> {
  const find = async (ids: string[]): Promise<Item[]> =>
    (await Promise.all(ids.map((id) => session.item(id)))).filter((film) => film !== undefined);
  const [like, dislike] = [await find(taste.like), await find(taste.dislike)];
  const count = like.length + dislike.length;
  if (!count) return sheet(words.taste, h("p", { class: "lede" }, words.tasteNone));
  const ids = (films: Item[]): string[] => films.map(({ item }) => item);
  const take = (): void => {
    void session.adopt({ like: ids(like), dislike: ids(dislike) }).then(taken);
  };
  const entries: HTMLElement[] = [];
  for (const [opinion, films] of Object.entries({ like, dislike })) {
    await inMoments(films, task, (film) =>
      entries.push(h("li", { class: `told ${opinion}`, "data-item": film.item }, posterLink(film, "p"))),
    );
  }
  const list = h("ul", { class: "mine wrapped", "data-testid": "taste" });
  arrange(list, entries);
  return sheet(
    words.taste,
    h("p", { class: "lede" }, words.tasteHint(count)),
    list,
    h("button", { type: "button", class: "loud", "data-testid": "taste-take", click: take }, words.tasteTake),
  );
}
