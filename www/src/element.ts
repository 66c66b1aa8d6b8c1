/**
 * A shelf of recommendations as an element of HTML.
 *
 * @example
 * ```html
 * <script type="module">
 *   import "foldin/element";
 * </script>
 * <foldin-shelf src="/movies.safetensors" count="12" profile="default">
 *   <h2 slot="heading">For you</h2>
 *   <p slot="loading">One moment …</p>
 *   <p slot="error">No recommendations today.</p>
 * </foldin-shelf>
 * <style>
 *   foldin-shelf { display: block; min-height: 20rem }
 *   foldin-shelf:not(:defined) > * { visibility: hidden }
 * </style>
 * ```
 *
 * The style keeps the room that the items will take, and hides the slots' content until the script is there.
 *
 * @packageDocumentation
 */
import type { Recommender } from "./api/recommender.js";
import { wrongType, wrongValue } from "./errors.js";
import { type Following, follow } from "./live/follow.js";
import { borrow, type Loan } from "./live/shared.js";
import type { Recommendation } from "./types.js";

/** Milliseconds after which a shelf that nobody gave a model says so. */
const PATIENCE = 5_000;

/** Elements are a matter of browsers: a server that renders pages may import this module all the same. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const STYLE = `
  :host { display: block }
  ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 1rem }
  ul { margin: 0; padding: 0; list-style: none }
  li { display: flex; flex-wrap: wrap; gap: 0.25rem; align-content: start }
  button { font: inherit; cursor: pointer }
  [part="select"] { flex: 1 0 100%; text-align: start }
  [part="because"] { flex: 1 0 100%; font-size: 0.875em }
  [part="status"] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  [hidden] { display: none }
`;

/**
 * The words of a shelf, for pages in other languages.
 *
 * @example
 * ```ts
 * shelf.words = {
 *   like: "Gefällt mir",
 *   dislike: "Gefällt mir nicht",
 *   because: (title) => `Weil dir ${title} gefällt`,
 *   changed: (title) => `${title}: die Empfehlungen sind neu.`,
 * } satisfies ShelfWords;
 * ```
 */
export interface ShelfWords {
  like: string;
  dislike: string;
  because: (title: string) => string;
  changed: (title: string) => string;
}

const ENGLISH: ShelfWords = {
  like: "Like",
  dislike: "Dislike",
  because: (title) => `Because you liked ${title}`,
  changed: (title) => `${title}: the recommendations have changed.`,
};

/**
 * The attributes of `<foldin-shelf>`, for the types of frameworks.
 *
 * @example
 * ```ts
 * const attributes: ShelfAttributes = { src: "/movies.safetensors", count: 6, profile: "default" };
 * ```
 */
export interface ShelfAttributes {
  /** The model's address. */
  src?: string;
  /** How many items; 12 unless set. */
  count?: number | string;
  /** Where the visitor's events are kept, as in `Recommender.load`. */
  profile?: string;
}

/**
 * `<foldin-shelf src count profile>`: the best items for the visitor, with buttons to like and dislike them. Shelves of the
 * same `src` and `profile` share one recommender, which is closed soon after the last is taken out. They follow what the
 * visitor does on the page and in other tabs, items that come and go, and newer models.
 *
 * Slots: `heading`, `loading`, `error`. Parts: `list`, `item`, `select`, `because`, `like`, `dislike`, `status`.
 * Events, all of which bubble: `foldin-ready` when the model is there, `foldin-error` with what failed, `foldin-change` after
 * each change of the shelf, and `foldin-select` with the chosen {@link Recommendation} as `detail`. A wrong attribute is
 * reported as an error of the script, too.
 *
 * @example
 * ```ts
 * const shelf = document.querySelector("foldin-shelf") as FoldinShelf;
 * shelf.addEventListener("foldin-select", ({ detail }) => open(`/films/${detail.item}`));
 * ```
 */
export class FoldinShelf extends Base {
  static readonly observedAttributes = ["src", "count", "profile"];

  /** The words it uses; English unless set. */
  words: ShelfWords = ENGLISH;
  /** Set by the page, which closes it. */
  #given: Recommender | undefined;
  #loan: Loan | undefined;
  #loaded: Recommender | undefined;
  #following: Following | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  /** What is shown, as text. */
  #shown = "";
  readonly #list = create("ul", "list");
  readonly #status = create("div", "status");
  readonly #slots = new Map(["heading", "loading", "error"].map((name) => [name, slot(name)]));

  /** The recommender behind it. Set one that the page has already; undefined goes back to that of `src`. */
  get recommender(): Recommender | undefined {
    return this.#given ?? this.#loaded;
  }

  set recommender(recommender: Recommender | undefined) {
    this.#given = recommender;
    if (this.isConnected) this.#start();
  }

  connectedCallback(): void {
    if (!this.shadowRoot) {
      const style = new CSSStyleSheet();
      style.replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [style];
      this.#status.setAttribute("role", "status");
      root.append(...this.#slots.values(), this.#list, this.#status);
    }
    // Moved within the page it goes on.
    if (!this.#following && !this.#loan) this.#start();
  }

  disconnectedCallback(): void {
    queueMicrotask(() => !this.isConnected && this.#stop());
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.isConnected) return;
    if (name === "count") void this.refresh();
    else if (!this.#given) this.#start();
  }

  /** Asks for the recommendations anew. What the visitor does is followed anyway. */
  async refresh(): Promise<void> {
    await this.#following?.refresh();
  }

  #start(): void {
    this.#stop();
    if (this.#given) return this.#follow(this.#given);
    this.#show("heading", "loading");
    this.#waiting = setTimeout(() => !this.recommender && !this.#loan && this.#fail(missing()), PATIENCE);
    try {
      const [src, profile] = [this.getAttribute("src"), this.getAttribute("profile")];
      if (src === null) return;
      if (profile === "") throw wrongValue("profile", "a name", "nothing");
      const loan = (this.#loan = borrow(src, profile === null ? {} : { profile }));
      loan.recommender.then(
        (recommender) => this.#loan === loan && this.#ready(recommender),
        (error: unknown) => this.#loan === loan && this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #ready(recommender: Recommender): void {
    this.#loaded = recommender;
    this.#follow(recommender);
    void this.#following?.settled().then(() => this.#loaded === recommender && this.#tell("foldin-ready", recommender));
  }

  #stop(): void {
    clearTimeout(this.#waiting);
    this.#following?.stop();
    this.#loan?.giveBack();
    this.#following = this.#loan = this.#loaded = undefined;
  }

  #follow(recommender: Recommender): void {
    const ask = async (): Promise<Recommendation[]> => recommender.recommend({ count: this.#count(), explain: true });
    this.#following = follow(recommender, ask, {
      answer: (items) => this.#render(items),
      error: (error) => this.#fail(error),
    });
  }

  #count(): number {
    const text = this.getAttribute("count") ?? "12";
    const count = Number(text);
    if (/^\d+$/.test(text) && count > 0 && Number.isSafeInteger(count)) return count;
    throw wrongValue("count", "a whole number of at least 1", JSON.stringify(text));
  }

  #render(items: Recommendation[]): void {
    this.#show("heading");
    const shown = JSON.stringify(items);
    if (shown === this.#shown) return;
    this.#shown = shown;
    // Whoever is on a button stays on its like in the same place.
    const active = this.shadowRoot?.activeElement;
    const place = [...this.#list.children].findIndex((entry) => entry.contains(active ?? null));
    this.#list.replaceChildren(...items.map((item) => this.#item(item)));
    if (active && place >= 0) {
      const next = this.#list.children[place] ?? this.#list.lastElementChild;
      next?.querySelector<HTMLElement>(`[part="${active.getAttribute("part")}"]`)?.focus({ preventScroll: true });
    }
    this.#tell("foldin-change", items);
  }

  #item(item: Recommendation): HTMLElement {
    const title = item.title ?? item.item;
    const select = button("select", title, () => this.#tell("foldin-select", item));
    const parts = [select];
    const reason = item.because?.find(({ share, event }) => share > 0 && event !== "dislike");
    if (reason) parts.push(create("span", "because", this.words.because(reason.title ?? reason.item)));
    for (const event of ["like", "dislike"] as const) {
      const judge = button(event, this.words[event], () => void this.#judge(item.item, title, event));
      judge.setAttribute("aria-label", `${this.words[event]} ${title}`);
      parts.push(judge);
    }
    const entry = create("li", "item");
    entry.append(...parts);
    return entry;
  }

  async #judge(item: string, title: string, event: "like" | "dislike"): Promise<void> {
    try {
      await this.recommender?.record({ item, event });
      await this.#following?.settled();
      this.#status.textContent = this.words.changed(title);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#show("heading", "error");
    this.#tell("foldin-error", error);
    // What the page has to mend.
    if (error instanceof TypeError || error instanceof RangeError) reportError(error);
  }

  #show(...names: string[]): void {
    for (const [name, slot] of this.#slots) slot.hidden = !names.includes(name);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function create<K extends keyof HTMLElementTagNameMap>(tag: K, part: string, text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.setAttribute("part", part);
  element.textContent = text;
  return element;
}

function button(part: string, text: string, click: () => void): HTMLElement {
  const element = create("button", part, text);
  element.type = "button";
  element.addEventListener("click", click);
  return element;
}

function slot(name: string): HTMLSlotElement {
  const element = document.createElement("slot");
  element.name = name;
  return element;
}

const missing = (): Error => wrongType("src", "a model's address, or a recommender set by the page", "neither");

declare global {
  interface HTMLElementTagNameMap {
    "foldin-shelf": FoldinShelf;
  }
}

globalThis.customElements?.define("foldin-shelf", FoldinShelf);
