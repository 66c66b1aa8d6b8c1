// A sentence about what one is in the mood for: the films that go with it, and which of its words pulled each up or down.

import type { Recommendation } from "foldin";
import { h } from "../dom.js";
import type { Page } from "../page.js";
import { titleOf } from "../poster.js";
import { itemHash } from "../route.js";
import { signed } from "../why.js";
import { mood } from "../words/mood.js";

const FILMS = 6;
/** Words that are shown of each film. */
const WORDS = 4;

/** A box for the sentence, and what it finds. */
export function showMood(place: HTMLElement, page: Page): void {
  const says = mood();
  const told = h("p", { class: "hint", role: "status", "data-testid": "mood-told" });
  const list = h("ol", { class: "added" });
  const input = h("input", { required: true, maxlength: 300, autocomplete: "off", placeholder: says.example, "data-testid": "mood" });
  const form = h(
    "form",
    { class: "newcomer" },
    h("label", { class: "wide" }, says.label, input),
    h("button", { type: "submit", class: "loud", "data-testid": "mood-ask" }, says.ask),
  );
  const ask = async (): Promise<void> => {
    const found = await page.session?.recommender.recommend({ text: input.value, count: FILMS, explain: true });
    list.replaceChildren(...(found ?? []).map(entry));
    told.textContent = "";
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask().catch(({ message }: Error) => void (told.textContent = message));
  });
  place.replaceChildren(h("h3", {}, says.title), h("p", { class: "hint" }, says.hint), form, told, list);
}

function entry(film: Recommendation): HTMLLIElement {
  const pulls = film.words?.slice(0, WORDS).map(({ word, share }) => `${word} ${signed(share)}`) ?? [];
  return h(
    "li",
    { "data-testid": "mood-film", "data-item": film.item },
    h("a", { href: itemHash(film.item) }, titleOf(film)),
    h("small", { "data-testid": "mood-words" }, pulls.join(", ")),
  );
}
