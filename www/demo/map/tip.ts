import type { Item, Reason } from "foldin";
import { h } from "../dom.js";
import { becauseOf } from "../language.js";
import { detailsOf, titleOf } from "../poster.js";
import type { Point, View } from "./view.js";

/** Pixels between a dot and what is said of it, and to the frame. */
const GAP = 14;
const EDGE = 8;

/** What is said of the film under the pointer. Those who do not see it have the list. */
export class Tip {
  readonly element = h("div", { class: "map-tip", hidden: true, "aria-hidden": "true", "data-testid": "map-tip" });

  /** Says which film it is and, if it is on the shelf, why. */
  show(film: Item | undefined, because: Reason[] | undefined): void {
    this.element.hidden = !film;
    if (!film) return;
    const reason = because?.find(({ share }) => share > 0);
    this.element.replaceChildren(
      h("b", {}, titleOf(film)),
      h("span", {}, detailsOf(film)),
      reason ? h("span", {}, becauseOf(reason.event), titleOf(reason)) : "",
    );
  }

  /** Puts it beside a dot, within the frame. */
  place([x, y]: Point, view: View): void {
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.max(EDGE, Math.min(x + GAP, view.width - width - EDGE));
    const top = y + GAP + height < view.height ? y + GAP : y - GAP - height;
    this.element.style.translate = `${left}px ${top}px`;
  }
}
