// Learning live: the model's items move a little towards what the visitor told, before their eyes.

import type { Recommendation, TrainingProgress } from "foldin";
import { h, svg } from "../dom.js";
import { words } from "../language.js";
import type { Page } from "../page.js";
import { titleOf } from "../poster.js";

/** Passes over the visitor's events: enough for a curve to be seen. */
const EPOCHS = 30;
/** Films whose places are compared. */
const SHOWN = 10;
/** Size of the curve's field. */
const [WIDTH, HEIGHT] = [600, 160];

/** A button to fine-tune, the curve of the loss, and the shelf before and after. */
export function showLearning(place: HTMLElement, page: Page): void {
  const told = h("p", { class: "hint", role: "status", "data-testid": "learn-told" });
  const curve = svg("svg", { class: "curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "data-testid": "loss", hidden: true });
  const shelves = h("div", { class: "before-after" });
  const losses: number[] = [];
  const learn = async (): Promise<void> => {
    const { session } = page;
    if (!session?.personal) return void (told.textContent = words.learnNone);
    start.disabled = true;
    losses.length = 0;
    const before = [...session.shelf];
    try {
      await session.tune(({ loss, epoch }: TrainingProgress) => {
        losses.push(loss);
        told.textContent = words.learnEpoch(epoch, EPOCHS);
        draw(curve, losses);
      }, EPOCHS);
      shelves.replaceChildren(column(words.before, before, []), column(words.after, session.shelf, before));
      told.textContent = words.learnDone(session.shelf.some(({ item }, at) => item !== before[at]?.item));
    } catch (error) {
      told.textContent = (error as Error).message;
    }
    start.disabled = false;
  };
  const forget = (): void => {
    void page.session?.untune();
    shelves.replaceChildren();
    curve.toggleAttribute("hidden", true);
    told.textContent = words.learnForgot;
  };
  const start = h(
    "button",
    { type: "button", class: "loud", "data-testid": "learn", click: () => void learn() },
    words.learnStart,
  );
  const reset = h("button", { type: "button", class: "quiet", click: forget }, words.learnReset);
  place.replaceChildren(
    h("h3", {}, words.learn),
    h("p", { class: "hint" }, words.learnHint),
    h("p", { class: "buttons" }, start, reset),
    curve,
    told,
    shelves,
  );
}

/** The losses so far, from the first to the last of all epochs. */
function draw(curve: SVGSVGElement, losses: number[]): void {
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const x = (epoch: number): number => (epoch / (EPOCHS - 1)) * WIDTH;
  const y = (loss: number): number => HEIGHT - 8 - ((loss - low) / (high - low || 1)) * (HEIGHT - 16);
  const points = losses.map((loss, epoch) => `${x(epoch).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
  curve.toggleAttribute("hidden", false);
  curve.dataset.epochs = String(losses.length);
  curve.setAttribute("aria-label", words.lossLabel(losses[0]?.toFixed(4) ?? "", losses.at(-1)?.toFixed(4) ?? ""));
  curve.replaceChildren(svg("polyline", { points }));
}

/** Films in their order, each with how far it rose since `before`. */
function column(name: string, shelf: Recommendation[], before: Recommendation[]): HTMLElement {
  const move = (film: Recommendation, at: number): string => {
    if (!before.length) return "";
    const was = before.findIndex(({ item }) => item === film.item);
    if (was < 0) return words.fresh;
    return was > at ? `↑ ${was - at}` : was < at ? `↓ ${at - was}` : "";
  };
  const films = shelf.slice(0, SHOWN);
  return h(
    "section",
    {},
    h("h4", {}, name),
    h("ol", {}, ...films.map((film, at) => h("li", {}, titleOf(film), h("small", {}, ` ${move(film, at)}`)))),
  );
}
