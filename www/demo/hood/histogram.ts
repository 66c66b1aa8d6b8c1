// How long each question took, as a histogram that grows while one watches: a canvas, as there may be thousands.

import { h } from "../dom.js";
import { milliseconds, words } from "../language.js";

/** From 1/8 of a millisecond to 1 s, in steps of a quarter octave. */
const [FIRST, LAST, PER_OCTAVE] = [1 / 8, 1024, 4];
const BINS = Math.log2(LAST / FIRST) * PER_OCTAVE;
/** Durations that are marked under the bars. */
const MARKS = [0.25, 1, 4, 16, 64, 256];
/** Room for the marks, in pixels. */
const FOOT = 20;

const CALLS = ["foldin:recommend", "foldin:record", "foldin:similar"];

/** Counts every question from the page's beginning on. */
export function showHistogram(place: HTMLElement): void {
  const counts = new Array<number>(BINS).fill(0);
  const canvas = h("canvas", { class: "histogram", role: "img", "data-testid": "histogram" });
  place.replaceChildren(h("h3", {}, words.histogram), h("p", { class: "hint" }, words.histogramHint), canvas);
  const draw = (): void => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    canvas.setAttribute("aria-label", words.histogramLabel(total, milliseconds(median(counts))));
    canvas.dataset.total = String(total);
    paint(canvas, counts);
  };
  const observer = new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (!CALLS.includes(name)) continue;
      const bin = binOf(duration);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    draw();
  });
  observer.observe({ type: "measure", buffered: true });
  new ResizeObserver(draw).observe(canvas);
}

const binOf = (duration: number): number =>
  Math.min(BINS - 1, Math.max(0, Math.floor(Math.log2(Math.max(duration, FIRST) / FIRST) * PER_OCTAVE)));

/** The middle of the bin with the middle question. */
function median(counts: number[]): number {
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let seen = 0;
  const bin = counts.findIndex((count) => (seen += count) >= half);
  return FIRST * 2 ** ((bin + 0.5) / PER_OCTAVE);
}

function paint(canvas: HTMLCanvasElement, counts: number[]): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const step = width / BINS;
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
    const x = Math.log2(mark / FIRST) * PER_OCTAVE * step;
    context.fillText(milliseconds(mark), x, height - 4);
  }
}
