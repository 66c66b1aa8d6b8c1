import { Recommender } from "foldin";
import { h } from "../dom.js";
import { bytes, milliseconds, number, words } from "../language.js";
import type { Page } from "../page.js";
import { makeHuge } from "./make.js";

/** The catalogue of a very large shop. */
const [ITEMS, DIM] = [1_000_000, 64];

/** A button that puts a million made-up items in the films' place. */
export function showHuge(place: HTMLElement, page: Page): void {
  const told = h("p", { class: "hint", role: "status", "data-testid": "huge-told" });
  const button = h("button", { type: "button", class: "quiet", "data-testid": "huge" }, words.hugeTry);
  button.addEventListener("click", async () => {
    button.disabled = true;
    told.textContent = words.hugeMaking;
    try {
      const file = await makeHuge(ITEMS, DIM);
      const start = performance.now();
      await page.visit(await Recommender.load(file, { worker: true }), words.hugeName(number(ITEMS)));
      told.textContent = words.hugeTold(bytes(file.length), milliseconds(performance.now() - start));
    } catch (error) {
      told.textContent = (error as Error).message;
    }
    button.disabled = false;
  });
  place.replaceChildren(
    h("h3", {}, words.huge),
    h("p", { class: "hint" }, words.hugeHint(number(ITEMS), bytes(ITEMS * (DIM + 4)))),
    button,
    told,
  );
}
