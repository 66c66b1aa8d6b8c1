// A film that nobody has met: its factor comes from its genres and its year, or from what a sentence says of it, and it takes its
// place at once.

import type { AddedItem, Item, NewItem } from "foldin";
import { h } from "../dom.js";
import { number, words } from "../language.js";
import type { Page } from "../page.js";
import { genreName } from "../poster.js";
import { itemHash } from "../route.js";
import type { Session } from "../session.js";
import { mood } from "../words/mood.js";

/** A form for a new film, and the films that were added. Models whose items have no genres get none. */
export function showNewcomer(place: HTMLElement, page: Page): void {
  const told = h("p", { class: "hint", role: "status", "data-testid": "new-told" });
  const list = h("ul", { class: "added" });
  const tell = (error: unknown): void => void (told.textContent = (error as Error).message);
  const boxes = h("fieldset", {});
  const render = async (): Promise<void> => {
    const { session } = page;
    if (!session) return;
    const genres = genresIn(session.catalogue?.films ?? []);
    place.hidden = genres.length === 0;
    // What is ticked stays so while nothing else is to be ticked.
    if (boxes.childElementCount !== genres.length + 1) {
      boxes.replaceChildren(h("legend", {}, words.newcomerGenres), ...genres.map(box));
    }
    const added = await session.recommender.addedItems();
    list.replaceChildren(...added.map((item) => entry(item, session, tell)));
  };
  const add = async (form: HTMLFormElement): Promise<void> => {
    const { session } = page;
    if (!session) return;
    const film = read(new FormData(form));
    try {
      await session.recommender.addItem(film);
      form.reset();
      told.replaceChildren(await placeOf(film, session));
    } catch (error) {
      tell(error);
    }
  };
  place.replaceChildren(
    h("h3", {}, words.newcomer),
    h("p", { class: "hint" }, HAS_WORDS ? mood().newcomerHint : words.newcomerHint),
    form(boxes, (submitted) => void add(submitted)),
    told,
    list,
  );
  page.addEventListener("whole", () => void render().catch(tell));
  void render().catch(tell);
}

function box(genre: string): HTMLElement {
  const input = h("input", { type: "checkbox", name: "genre", value: genre });
  return h("label", { class: "chip", "data-testid": "new-genre" }, input, genreName(genre));
}

function form(genres: HTMLElement, submit: (form: HTMLFormElement) => void): HTMLFormElement {
  const title = { name: "title", required: true, maxlength: 200, autocomplete: "off", "data-testid": "new-title" };
  const description = { name: "description", maxlength: 1000, autocomplete: "off", "data-testid": "new-description" };
  const year = { name: "year", type: "number", min: 1880, max: 2100, "data-testid": "new-year" };
  const made = h(
    "form",
    { class: "newcomer" },
    h("label", {}, words.newcomerTitle, h("input", title)),
    HAS_WORDS && h("label", { class: "wide" }, mood().newcomerSentence, h("input", description)),
    h("label", {}, words.newcomerYear, h("input", year)),
    genres,
    h("button", { type: "submit", class: "loud", "data-testid": "new-add" }, words.newcomerAdd),
  );
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(made);
  });
  return made;
}

/** The film that a form tells of. */
function read(form: FormData): NewItem {
  const [title, year, description] = ["title", "year", "description"].map((name) => String(form.get(name) ?? "").trim());
  const genres = form.getAll("genre").map(String);
  const features = { genres, year: year ? Number(year) : null };
  return { id: `added ${crypto.getRandomValues(new Uint32Array(1))[0]}`, title: title ?? "", features, ...(description && { description }) };
}

/** How far up the visitor's own ranking it stands. */
async function placeOf({ id, title = "" }: NewItem, { personal, recommender }: Session): Promise<HTMLElement> {
  const link = h("a", { href: itemHash(id) }, title);
  if (!personal) return h("span", {}, link, words.newcomerUnplaced);
  const ranking = await recommender.recommend({ count: recommender.info.items });
  const at = ranking.findIndex(({ item }) => item === id) + 1;
  return h("span", {}, link, words.newcomerPlaced(number(at), number(ranking.length)));
}

function entry({ id, title = id, refused }: AddedItem, { recommender }: Session, tell: (error: unknown) => void): HTMLLIElement {
  return h(
    "li",
    { "data-testid": "new-item" },
    h("span", {}, title, refused !== undefined && h("small", {}, ` ${refused}`)),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": words.newcomerRemoveLabel(title),
        "data-testid": "new-remove",
        click: () => void recommender.removeItem(id).catch(tell),
      },
      words.newcomerRemove,
    ),
  );
}

/** Every genre that a film has. */
const genresIn = (films: Item[]): string[] => [...new Set(films.flatMap(({ tags }) => tags?.genres ?? []))].sort();
