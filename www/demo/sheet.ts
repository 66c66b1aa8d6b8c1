import { h } from "./dom.js";
import { words } from "./language.js";
import { task } from "./pause.js";

/** What lies over the page under a title: a film, a shared taste. */
export function sheet(title: string, ...children: (Node | string)[]): HTMLElement {
  return h("div", { class: "sheet-body" }, h("h2", { id: "sheet-title", tabindex: -1 }, title), ...children);
}

/** The one place for sheets, over the page. Calls back when the visitor closes it. */
export class Sheets {
  readonly #dialog: HTMLDialogElement;
  readonly #body = h("div", {});
  /** Ends with what is shown. */
  #shown = new AbortController();

  constructor(closed: () => void) {
    const close = h("button", { type: "button", class: "close", "aria-label": words.close, click: closed }, "×");
    this.#dialog = h(
      "dialog",
      { class: "sheet empty", "aria-labelledby": "sheet-title", "data-testid": "sheet" },
      close,
      this.#body,
    );
    // Escape, too, goes through the address, which then hides the sheet.
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      closed();
    });
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && closed());
    document.body.append(this.#dialog);
  }

  /** Shows what `make` makes, unless something else was asked for meanwhile. Its signal aborts when it is over. */
  async show(make: (over: AbortSignal) => Promise<HTMLElement>): Promise<void> {
    const { signal } = this.#begin();
    const view = await make(signal);
    await task();
    if (signal.aborted) return;
    if (!this.#dialog.open) {
      // All else on the page becomes inert, which has the browser style it anew: enough for a task.
      this.#dialog.showModal();
      await task();
      if (signal.aborted) return;
    }
    this.#body.replaceChildren(view);
    this.#dialog.classList.remove("empty");
    this.#dialog.scrollTop = 0;
    view.querySelector<HTMLElement>("#sheet-title")?.focus({ preventScroll: true });
  }

  hide(): void {
    this.#begin();
    this.#dialog.close();
    this.#dialog.classList.add("empty");
    this.#body.replaceChildren();
  }

  #begin(): AbortController {
    this.#shown.abort();
    this.#shown = new AbortController();
    return this.#shown;
  }
}
