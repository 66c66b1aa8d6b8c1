// How long each question took, as a histogram that grows while one watches: a canvas, as there may be thousands.

import { h } from "../dom.js";
import { milliseconds, words } from "../language.js";
import { task } from "../pause.js";
import { binOf, type Questions } from "../questions.js";

/** Durations that are marked under the bars. */
const MARKS = [0.25, 1, 4, 16, 64, 256];
/** Room for the marks, in pixels. */
const FOOT = 20;

/** Shows every question from the page's beginning on. */
export function showHistogram(place: HTMLElement, questions: Questions): void {
  const canvas = h("canvas", { class: "histogram", role: "img", "data-testid": "histogram" });
  place.replaceChildren(h("h3", {}, words.histogram), h("p", { class: "hint" }, words.histogramHint), canvas);
  const draw = (): void => {
    canvas.setAttribute("aria-label", words.histogramLabel(questions.total, milliseconds(questions.median)));
    canvas.dataset.total = String(questions.total);
    paint(canvas, questions.counts);
  };
  questions.addEventListener("change", draw);
  // The frame that finds another size has enough to do.
  new ResizeObserver(() => void task().then(draw)).observe(canvas);
}

function paint(canvas: HTMLCanvasElement, counts: number[]): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const step = width / counts.length;
  const most = Math.max(...counts, 1);
  context.fillStyle = style.getPropertyValue("--spark");
  for (const [bin, count] of counts.entries()) {
    const bar = (count / most) * (height - FOOT - 2);
    context.fillRect(bin * step + 1, height - FOOT - bar, step - 2, bar);
  }
  context.fillStyle = style.getPropertyValue("--soft");
  context.fillRect(0, height - FOOT, width, 1);
  context.font = `11px ${style.fontFamily}`;
  for (const mark of MARKS) {
    const x = binOf(mark) * step;
    context.fillText(milliseconds(mark), x, height - 4);
  }
}
