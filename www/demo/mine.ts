import { h } from "./dom.js";
import { glide } from "./motion.js";
import type { Tell } from "./opinion.js";
import { poster, titleOf } from "./poster.js";
import type { Judged, Session } from "./session.js";

/** What the visitor liked and disliked, each with an undo. */
export function showMine(section: HTMLElement, session: Session, tell: Tell): void {
  const list = h("ul", { class: "mine", "data-testid": "mine" });
  section.replaceChildren(h("header", { class: "section-head" }, h("h2", { id: "mine-title" }, "What you told")), list);

  const render = (): void => {
    section.hidden = session.judged.length === 0;
    glide(list, () => list.replaceChildren(...session.judged.map((judged) => entry(judged, session, tell))));
  };
  session.addEventListener("change", render);
  render();
}

function entry({ item, opinion }: Judged, session: Session, tell: Tell): HTMLLIElement {
  const undo = async (): Promise<void> => {
    try {
      await session.undo(item.item);
      tell(`Took back ${titleOf(item)}. The shelf has changed.`);
      document.getElementById("search-input")?.focus({ preventScroll: true });
    } catch (error) {
      tell((error as Error).message);
    }
  };
  const label = `Undo: ${opinion} ${titleOf(item)}`;
  return h(
    "li",
    { class: `told ${opinion}`, "data-testid": "mine-item", "data-item": item.item, "data-opinion": opinion },
    poster(item, "p"),
    h("span", { class: "told-opinion" }, opinion === "like" ? "Liked" : "Disliked"),
    h(
      "button",
      { type: "button", class: "undo", "data-testid": "undo", "aria-label": label, click: () => void undo() },
      "Undo",
    ),
  );
}
