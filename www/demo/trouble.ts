import { h } from "./dom.js";
import { words } from "./language.js";

/** A message with a remedy, and a way to try again where that may help. */
export function showTrouble(
  place: HTMLElement,
  title: string,
  error: Error & { code?: string },
  retry?: () => void,
): void {
  const again = retry && h("button", { type: "button", class: "loud", "data-testid": "retry", click: retry }, words.tryAgain);
  place.replaceChildren(
    h(
      "section",
      { class: "trouble", role: "alert", "data-testid": "trouble", "data-code": error.code },
      h("h2", {}, title),
      h("p", {}, error.message),
      again,
    ),
  );
}
