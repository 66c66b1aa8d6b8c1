// Under the hood: what the page weighs, how long it takes, and what happens when one changes it.

import "../style/hood.css";
import { h } from "../dom.js";
import { words } from "../language.js";
import type { Page } from "../page.js";
import type { Questions } from "../questions.js";
import { facts } from "./facts.js";
import { showHistogram } from "./histogram.js";
import { showHuge } from "./huge.js";
import { showPrecisions } from "./precision.js";

/** Milliseconds between two looks at the figures. */
const BEAT = 500;

/** Fills the section, and keeps its figures fresh while it is open. */
export function showHood(section: HTMLDetailsElement, page: Page, questions: Questions): void {
  const figures = h("dl", { class: "facts", "data-testid": "facts" });
  const histogram = h("div", { class: "hood-part" });
  const precisions = h("div", { class: "hood-part" });
  const huge = h("div", { class: "hood-part" });
  section.querySelector(".hood-body")?.replaceChildren(figures, histogram, precisions, huge);
  showHistogram(histogram, questions);
  void showPrecisions(precisions, page);
  showHuge(huge, page);

  const beat = (): void => {
    if (!section.open || document.hidden) return;
    const tiles = facts(page).map(({ name, value }) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
    figures.replaceChildren(...tiles);
  };
  beat();
  setInterval(beat, BEAT);
  section.addEventListener("toggle", beat);
  section.querySelector("summary")?.setAttribute("title", words.hoodHint);
}
