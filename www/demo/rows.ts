import type { Item } from "foldin";
import { Cards } from "./cards.js";
import { h, say } from "./dom.js";
import { words } from "./language.js";
import type { Tell } from "./opinion.js";
import { pause } from "./pause.js";
import type { Scene, Shown } from "./scenes.js";
import type { Session } from "./session.js";
import { inTurn } from "./turns.js";

/**
 * Places the scenes' shelves, one below the other. What it returns fills them, and renews each after every change while
 * nothing waits, until `over` aborts; then it may be called again.
 */
export function showRows(
  place: HTMLElement,
  scenes: Scene[],
  session: Session,
  tell: Tell,
): (over: AbortSignal) => void {
  const rows = scenes.map((scene) => new Row(scene, session, tell));
  place.replaceChildren(...rows.map(({ section }) => section));
  let changes = 0;
  return (over) => {
    const renew = async (): Promise<void> => {
      const change = ++changes;
      for (const row of rows) {
        await pause();
        // A later change has taken over.
        if (change !== changes || over.aborted) return;
        await row.renew();
      }
    };
    session.addEventListener("change", () => void renew(), { signal: over });
    void renew();
  };
}

/** One shelf of one line. */
class Row {
  readonly section: HTMLElement;
  readonly #scene: Scene;
  readonly #title: HTMLElement;
  readonly #hint = h("p", { class: "hint" });
  readonly #cards: Cards<Item>;
  #turn = 0;
  #renewals = 0;

  constructor(scene: Scene, session: Session, tell: Tell) {
    this.#scene = scene;
    const id = `row-${scene.id}`;
    this.#title = h("h2", { id });
    // A scrolling region is reached by the keyboard.
    const list = h("ul", { class: "row", tabindex: 0, "aria-labelledby": id });
    this.#cards = new Cards(list, { testid: "row-item" }, session, tell);
    const again = scene.again && h("button", { type: "button", class: "quiet", click: () => this.#again() }, words.again);
    const head = h("header", { class: "section-head" }, this.#title, this.#hint, again);
    this.section = h("section", { "aria-labelledby": id, "data-row": scene.id, hidden: true }, head, list);
  }

  /** Asks anew and shows what is new, unless a later call has taken over. Without an answer all stays as it was. */
  async renew(): Promise<void> {
    const renewal = ++this.#renewals;
    let shown: Shown | undefined;
    try {
      shown = await this.#scene.ask(this.#turn);
    } catch {
      return;
    }
    const films = shown?.films ?? [];
    await this.#cards.make(films, pause);
    if (renewal !== this.#renewals) return;
    await inTurn(() => {
      if (!shown) return void (this.section.hidden = true);
      this.#cards.show(films, () => {
        this.section.hidden = films.length === 0;
        say(this.#title, shown.title);
        say(this.#hint, shown.hint);
      });
    })();
  }

  #again(): void {
    this.#turn++;
    void this.renew();
  }
}
