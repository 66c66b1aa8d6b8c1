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
 * ```
 *
 * @packageDocumentation
 */
import { Recommender } from "./api/recommender.js";
import type { Recommendation } from "./types.js";

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
 * `<foldin-shelf src count profile>`: the best items for the visitor, with buttons to like and dislike them.
 *
 * Slots: `heading`, `loading`, `error`. Parts: `list`, `item`, `select`, `because`, `like`, `dislike`, `status`.
 * Events, all of which bubble: `foldin-ready` and `foldin-error` once, `foldin-change` after each change of the shelf,
 * and `foldin-select` with the chosen {@link Recommendation} as `detail`.
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
  #recommender: Recommender | undefined;
  #own = false;
  #loads = 0;
  readonly #list = create("ul", "list");
  readonly #status = create("div", "status");
  readonly #slots = new Map(["heading", "loading", "error"].map((name) => [name, slot(name)]));

  /** The recommender behind it. Set one to share it among elements, or with the rest of the page. */
  get recommender(): Recommender | undefined {
    return this.#recommender;
  }

  set recommender(recommender: Recommender | undefined) {
    this.#release();
    this.#recommender = recommender;
    if (recommender) void this.refresh();
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
    if (!this.#recommender) void this.#load();
  }

  disconnectedCallback(): void {
    // Moved within the page it is connected again at once.
    queueMicrotask(() => !this.isConnected && this.#release());
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.isConnected) return;
    if (name === "count") void this.refresh();
    else if (this.#own || !this.#recommender) void this.#load();
  }

  /** Asks for the recommendations anew, such as after the page recorded something. */
  async refresh(): Promise<void> {
    const count = Number(this.getAttribute("count") ?? 12);
    try {
      const items = await this.#recommender?.recommend({ count, explain: true });
      if (!items) return;
      this.#list.replaceChildren(...items.map((item) => this.#item(item)));
      this.#show("heading");
      this.#tell("foldin-change", items);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #load(): Promise<void> {
    this.#release();
    const src = this.getAttribute("src");
    if (src === null) return;
    const load = ++this.#loads;
    const profile = this.getAttribute("profile");
    this.#show("heading", "loading");
    try {
      const recommender = await Recommender.load(src, { worker: true, ...(profile !== null && { profile }) });
      if (load !== this.#loads) return await recommender.close();
      this.#recommender = recommender;
      this.#own = true;
      await this.refresh();
      this.#tell("foldin-ready", recommender);
    } catch (error) {
      if (load === this.#loads) this.#fail(error);
    }
  }

  #release(): void {
    this.#loads++;
    if (this.#own) void this.#recommender?.close();
    this.#recommender = undefined;
    this.#own = false;
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
    const place = [...this.#list.children].findIndex((entry) => entry.contains(this.shadowRoot?.activeElement ?? null));
    try {
      await this.#recommender?.record({ item, event });
      await this.refresh();
      this.#status.textContent = this.words.changed(title);
      const next = this.#list.children[place] ?? this.#list.lastElementChild;
      next?.querySelector<HTMLElement>(`[part="${event}"]`)?.focus({ preventScroll: true });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#show("heading", "error");
    this.#tell("foldin-error", error);
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

declare global {
  interface HTMLElementTagNameMap {
    "foldin-shelf": FoldinShelf;
  }
}

globalThis.customElements?.define("foldin-shelf", FoldinShelf);
