import { h } from "./dom.js";
import { words } from "./language.js";
import { type Mix, PLAIN } from "./mix.js";
import type { Session } from "./session.js";

/** A slider for each part of the mix; the shelf follows while it is dragged. */
export function sliders(session: Session): HTMLElement {
  const inputs = (Object.keys(PLAIN) as (keyof Mix)[]).map((part) => slider(part, session));
  return h("div", { class: "sliders", role: "group", "aria-label": words.mix }, ...inputs);
}

function slider(part: keyof Mix, session: Session): HTMLElement {
  const { name, low, high } = words.mixParts[part];
  const input = h("input", {
    type: "range",
    min: part === "diversity" ? 0 : -1,
    max: 1,
    step: 0.05,
    value: session.mix[part],
    "data-testid": part,
    "aria-label": `${name}: ${low} – ${high}`,
  });
  input.addEventListener("input", () => void session.steer({ [part]: input.valueAsNumber }));
  return h(
    "label",
    { class: "slider" },
    h("span", { class: "slider-name" }, name),
    input,
    h("span", { class: "slider-ends", "aria-hidden": "true" }, h("span", {}, low), h("span", {}, high)),
  );
}
