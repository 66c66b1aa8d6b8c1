import { h } from "./dom.js";
import { words } from "./language.js";

/** A button that copies a text; hidden where the page may not write to the clipboard. */
export function copyButton(text: string, label: string): HTMLElement {
  const button = h("button", { type: "button", class: "quiet", hidden: !navigator.clipboard }, label);
  button.addEventListener("click", () => {
    const tell = (told: string): void => {
      button.textContent = told;
      setTimeout(() => (button.textContent = label), 2000);
    };
    navigator.clipboard.writeText(text).then(
      () => tell(words.copied),
      () => tell(label),
    );
  });
  return button;
}
