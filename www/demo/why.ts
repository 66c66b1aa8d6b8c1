import type { Reason } from "foldin";
import { h } from "./dom.js";
import { words } from "./language.js";
import { titleOf } from "./poster.js";

/** Bars that are shown one by one; the rest is one bar. */
const MOST = 8;
/** Less than this is rounding. */
const LEAST = 0.0005;

interface Bar {
  name: string;
  share: number;
}

/**
 * What speaks for a film and against it: a bar for each thing the visitor told, as long as its exact share of the
 * score, to the one side or, where it pulls down, to the other. One more is what the film's score is for anybody.
 */
export function whyBars(score: number, reasons: Reason[]): HTMLElement {
  const anybodys = score - sum(reasons);
  const appeal = Math.abs(anybodys) < LEAST ? [] : [{ name: words.whyAppeal, share: anybodys }];
  const bars = [...longest(reasons), ...appeal];
  const most = Math.max(...bars.map(({ share }) => share), 0);
  const least = Math.min(...bars.map(({ share }) => share), 0);
  const width = most - least || 1;
  // The line of nothing lies where the bars to the left need it.
  const zero = (-least / width) * 100;
  const rows = bars.map(({ name, share }) => {
    const length = (Math.abs(share) / width) * 100;
    const start = share < 0 ? zero - length : zero;
    const bar = h("span", { class: share < 0 ? "bar against" : "bar", style: `--start:${start}%;--length:${length}%` });
    return h(
      "li",
      { class: "why-row", "data-testid": "why-row" },
      h("span", { class: "why-name" }, name),
      h("span", { class: "why-track", "aria-hidden": "true" }, bar),
      h("span", { class: "why-share" }, signed(share)),
    );
  });
  return h(
    "div",
    { class: "why" },
    h("ul", { class: "why-bars", style: `--zero:${zero}%` }, ...rows),
    h("p", { class: "hint" }, words.whyScore(signed(score))),
  );
}

/** The bars by length, the least of them together. */
function longest(reasons: Reason[]): Bar[] {
  const sorted = [...reasons].sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const bars = sorted.slice(0, MOST).map((reason) => ({ name: titleOf(reason), share: reason.share }));
  const rest = sorted.slice(MOST);
  return rest.length ? [...bars, { name: words.whyRest(rest.length), share: sum(rest) }] : bars;
}

const sum = (reasons: Reason[]): number => reasons.reduce((sum, { share }) => sum + share, 0);

/** With its sign, unless it is nothing. */
export function signed(value: number): string {
  const digits = Math.abs(value).toFixed(3);
  const sign = Number(digits) === 0 ? "" : value < 0 ? "-" : "+";
  return sign + digits;
}
