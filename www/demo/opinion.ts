import type { Item } from "foldin";
import { h } from "./dom.js";
import { words } from "./language.js";
import { titleOf } from "./poster.js";
import type { Opinion, Session } from "./session.js";

/** Says what became of a click, for those who see and those who hear. */
export type Tell = (message: string) => void;

/** A button that sets the opinion, or takes it back when it is the visitor's already. */
export function opinionButton(item: Item, opinion: Opinion, session: Session, tell: Tell): HTMLButtonElement {
  const button = h("button", {
    type: "button",
    class: `opinion ${opinion}`,
    "data-testid": opinion,
    "aria-label": `${words[opinion]} ${titleOf(item)}`,
    click: () => void change(item, opinion, session, tell),
  });
  showPressed(button, opinion, session.opinion(item.item) === opinion);
  return button;
}

/** Shows on its button whether an opinion is the visitor's. */
export function showPressed(button: HTMLButtonElement, opinion: Opinion, pressed: boolean): void {
  if (button.ariaPressed === String(pressed)) return;
  button.ariaPressed = String(pressed);
  button.title = pressed ? words.takeBack : words[opinion];
}

async function change(item: Item, opinion: Opinion, session: Session, tell: Tell): Promise<void> {
  try {
    await session.judge(item.item, opinion);
    const now = session.opinion(item.item);
    const said = now === "like" ? words.liked : now === "dislike" ? words.disliked : words.tookBack;
    tell(said(titleOf(item)));
  } catch (error) {
    tell((error as Error).message);
  }
}
