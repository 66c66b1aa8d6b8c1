import type { Hit } from "foldin";
import { h } from "./dom.js";
import { words } from "./language.js";
import { opinionButton, showPressed, type Tell } from "./opinion.js";
import { layOut } from "./pause.js";
import { detailsOf, thumbnail, titleOf } from "./poster.js";
import { OPINIONS, type Session } from "./session.js";
import { inTurn } from "./turns.js";
import { mood } from "./words/mood.js";

/** The cells of a result, from left to right. */
const COLUMNS = 3;

/**
 * A search box with a grid of results, in the way of the ARIA Authoring Practices' "editable combobox with grid
 * popup": arrows go through the films and their buttons while the focus stays in the box, Enter presses, Escape
 * closes. The buttons are within Tab's reach as well. It listens until `over` aborts.
 */
export function showSearch(section: HTMLElement, session: Session, tell: Tell, over: AbortSignal): void {
  const input = h("input", {
    id: "search-input",
    type: "search",
    role: "combobox",
    "data-testid": "search",
    "aria-label": words.searchLabel,
    "aria-haspopup": "grid",
    "aria-controls": "search-results",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: HAS_WORDS ? mood().search : words.search,
  });
  const results = h("div", { id: "search-results", class: "results", role: "grid", "aria-label": words.foundTitle });
  section.replaceChildren(h("div", { class: "search" }, input, results));

  let hits: Hit[] = [];
  let active: { row: number; column: number } | undefined;
  let searches = 0;

  const activate = (next: typeof active): void => {
    active = next;
    for (const cell of results.querySelectorAll(".active")) cell.classList.remove("active");
    const cell = next && document.getElementById(cellId(next.row, next.column));
    cell?.classList.add("active");
    cell?.scrollIntoView({ block: "nearest" });
    if (cell) input.setAttribute("aria-activedescendant", cell.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = (items: Hit[]): void => {
    // The next letter often finds the same: what was chosen among them stays.
    if (items.length === hits.length && items.every(({ item }, row) => item === hits[row]?.item)) return;
    hits = items;
    results.replaceChildren(...hits.map((item, row) => result(item, row, session, tell)));
    input.setAttribute("aria-expanded", String(hits.length > 0));
    activate(undefined);
  };
  const renew = inTurn(() => {
    for (const [row, { item }] of hits.entries()) {
      for (const [column, opinion] of OPINIONS.entries()) {
        const button = document.getElementById(cellId(row, column + 1))?.querySelector("button");
        if (button) showPressed(button, opinion, session.opinion(item) === opinion);
      }
    }
  });
  const search = async (): Promise<void> => {
    const search = ++searches;
    const text = input.value.trim();
    const found = text ? await session.search(text) : [];
    if (search !== searches) return;
    show(found);
    if (text) tell(found.length ? words.found(found.length) : words.foundNone(text));
    layOut();
  };
  const close = (): void => {
    searches++;
    show([]);
  };

  input.addEventListener("input", () => void search());
  input.addEventListener("focus", () => !hits.length && void search());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && hits.length) {
      // The first Escape closes the results; the browser's own, that clears the box, is the second.
      event.preventDefault();
      close();
    }
    if (event.key === "Enter" && active) {
      const cell = document.getElementById(cellId(active.row, active.column || 1));
      cell?.querySelector("button")?.click();
    }
    const next = hits.length ? moved(active, event.key, hits.length) : active;
    if (next !== active) {
      event.preventDefault();
      activate(next);
    }
  });
  // Closing moves all that is below: were it to happen when a pointer goes down there, its click would miss. So a
  // click closes when it is over, and only a focus that a keyboard moved closes at once.
  const closeFrom = ({ target }: Event): void => {
    if (hits.length && target instanceof Node && !section.contains(target)) close();
  };
  const byKeyboard = (event: FocusEvent): void => {
    if (event.target instanceof Element && event.target.matches(":focus-visible")) closeFrom(event);
  };
  document.addEventListener("click", closeFrom, { signal: over });
  document.addEventListener("focusin", byKeyboard, { signal: over });
  // Only where there is something to renew: the shelf would have to wait for its turn.
  session.addEventListener("change", () => void (hits.length && renew()), { signal: over });
}

const cellId = (row: number, column: number): string => `result-${row}-${column}`;

type Position = { row: number; column: number };

/** Where an arrow leads. Left and right belong to the text until a film is chosen. */
function moved(from: Position | undefined, key: string, rows: number): Position | undefined {
  if (key === "ArrowDown") return { row: from ? (from.row + 1) % rows : 0, column: from?.column ?? 0 };
  if (key === "ArrowUp") return { row: ((from?.row ?? rows) + rows - 1) % rows, column: from?.column ?? 0 };
  const [forwards, backwards] = document.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  if (from && key === forwards) return { ...from, column: Math.min(from.column + 1, COLUMNS - 1) };
  if (from && key === backwards) return { ...from, column: Math.max(from.column - 1, 0) };
  return from;
}

const foundBy = ({ by }: Hit): string | false => HAS_WORDS && by === "meaning" && ` · ${mood().byMeaning}`;

function result(item: Hit, row: number, session: Session, tell: Tell): HTMLElement {
  const cell = (column: number, name: string, ...children: Node[]): HTMLElement =>
    h("div", { role: "gridcell", id: cellId(row, column), class: name }, ...children);
  return h(
    "div",
    { role: "row", class: "result", "data-testid": "search-result", "data-item": item.item },
    cell(
      0,
      "result-film",
      thumbnail(item),
      h("span", { class: "result-text" }, h("b", {}, titleOf(item)), h("small", {}, detailsOf(item), foundBy(item))),
    ),
    ...OPINIONS.map((opinion, i) => cell(i + 1, "result-act", opinionButton(item, opinion, session, tell))),
  );
}
