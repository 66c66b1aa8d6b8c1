import { h } from "./dom.js";
import { words } from "./language.js";
import { arrange, entriesOf } from "./motion.js";
import type { Tell } from "./opinion.js";
import { frame, inMoments } from "./pause.js";
import { posterLink, titleOf } from "./poster.js";
import type { Judged, Session } from "./session.js";
import { shareButton } from "./share.js";
import { inTurn } from "./turns.js";

/** What the visitor liked and disliked, each with an undo. */
export function showMine(section: HTMLElement, session: Session, tell: Tell): void {
  const list = h("ul", { class: "mine", "data-testid": "mine" });
  const head = h("header", { class: "section-head" }, h("h2", { id: "mine-title" }, words.told));
  section.replaceChildren(head, list, shareButton(session));

  const render = inTurn(async () => {
    const before = entriesOf(list);
    const entries: HTMLElement[] = [];
    // A list from elsewhere brings hundreds.
    await inMoments(session.judged, frame, (judged) => {
      const old = before.get(judged.item.item);
      const stays = old?.dataset.opinion === judged.opinion;
      entries.push(stays ? old : entry(judged, session, tell));
    });
    arrange(list, entries, () => {
      section.hidden = entries.length === 0;
    });
  });
  session.addEventListener("change", () => void render());
  void render();
}

function entry({ item, opinion }: Judged, session: Session, tell: Tell): HTMLLIElement {
  const undo = async (): Promise<void> => {
    try {
      await session.undo(item.item);
      tell(words.tookBack(titleOf(item)));
      document.getElementById("search-input")?.focus({ preventScroll: true });
    } catch (error) {
      tell((error as Error).message);
    }
  };
  const label = words.undoLabel[opinion](titleOf(item));
  return h(
    "li",
    { class: `told ${opinion}`, "data-testid": "mine-item", "data-item": item.item, "data-opinion": opinion },
    h("span", { class: "told-opinion" }, opinion === "like" ? words.toldLike : words.toldDislike),
    h(
      "button",
      { type: "button", class: "undo", "data-testid": "undo", "aria-label": label, click: () => void undo() },
      words.undo,
    ),
    posterLink(item, "p"),
  );
}
