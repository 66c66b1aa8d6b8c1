import { card, showCards } from "./cards.js";
import { h, say } from "./dom.js";
import { words } from "./language.js";
import { entriesOf } from "./motion.js";
import type { Tell } from "./opinion.js";
import { pause } from "./pause.js";
import type { Scene } from "./scenes.js";
import type { Session } from "./session.js";

/** Cards that are made at a time. */
const PORTION = 4;

/** The scenes' shelves, one below the other, each renewed after every change while nothing waits, until `over` aborts. */
export function showRows(
  place: HTMLElement,
  scenes: Scene[],
  session: Session,
  tell: Tell,
  over: AbortSignal,
): void {
  const rows = scenes.map((scene) => new Row(scene, session, tell));
  place.replaceChildren(...rows.map(({ section }) => section));
  let changes = 0;
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
}

/** One shelf of one line. */
class Row {
  readonly section: HTMLElement;
  readonly #scene: Scene;
  readonly #session: Session;
  readonly #tell: Tell;
  readonly #title: HTMLElement;
  readonly #hint = h("p", { class: "hint" });
  readonly #list: HTMLElement;
  #turn = 0;
  #renewals = 0;

  constructor(scene: Scene, session: Session, tell: Tell) {
    this.#scene = scene;
    this.#session = session;
    this.#tell = tell;
    const id = `row-${scene.id}`;
    this.#title = h("h2", { id });
    // A scrolling region is reached by the keyboard.
    this.#list = h("ul", { class: "row", tabindex: 0, "aria-labelledby": id });
    const again = scene.again && h("button", { type: "button", class: "quiet", click: () => this.#again() }, words.again);
    const head = h("header", { class: "section-head" }, this.#title, this.#hint, again);
    this.section = h("section", { "aria-labelledby": id, "data-row": scene.id, hidden: true }, head, this.#list);
  }

  /** Asks anew and shows what is new, unless a later call has taken over. */
  async renew(): Promise<void> {
    const renewal = ++this.#renewals;
    const shown = await this.#scene.ask(this.#turn).catch(() => undefined);
    const before = entriesOf(this.#list);
    const cards: HTMLElement[] = [];
    for (const film of shown?.films ?? []) {
      const old = before.get(film.item);
      cards.push(card(film, { testid: "row-item" }, this.#session, this.#tell, old));
      if (!old && cards.length % PORTION === 0) await pause();
    }
    if (renewal !== this.#renewals) return;
    this.section.hidden = cards.length === 0;
    if (!shown) return;
    say(this.#title, shown.title);
    say(this.#hint, shown.hint);
    showCards(this.#list, cards);
  }

  #again(): void {
    this.#turn++;
    void this.renew();
  }
}
