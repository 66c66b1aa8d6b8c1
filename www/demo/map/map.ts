// The taste map: every film, the visitor's shelf lit up, and their own dot, which moves with every like.

import type { Catalogue } from "../catalogue.js";
import { h } from "../dom.js";
import { words } from "../language.js";
import { pause } from "../pause.js";
import { titleOf, yearOf } from "../poster.js";
import { itemHash } from "../route.js";
import type { Session } from "../session.js";
import { followGestures } from "./gestures.js";
import { type Marks, Painter } from "./paint.js";
import { Sky } from "./sky.js";
import { Tip } from "./tip.js";
import { View } from "./view.js";
import { You } from "./you.js";

/** How far from a dot a pointer still means it, in pixels. */
const REACH = 16;
/** Portions of dots in a frame of a map that moves; one that rests takes its time. */
const PORTIONS = 5;
/** Films in the list beside the picture. */
const NEAREST = 8;

/** Shows the map, until `over` aborts. */
export function showMap(
  place: HTMLElement,
  catalogue: Catalogue,
  places: Float32Array,
  session: Session,
  over: AbortSignal,
): void {
  new TasteMap(place, new Sky(catalogue, places), session, over);
}

class TasteMap {
  readonly #sky: Sky;
  readonly #session: Session;
  readonly #view = new View();
  readonly #you: You;
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: Painter;
  readonly #tip = new Tip();
  readonly #details = h("details", { class: "map-list" });
  readonly #near = h("ul", { class: "map-near" });
  #pointed: number | undefined;
  #frame = 0;
  /** Whether marks and names have to be painted anew. */
  #stale = true;
  /** Whether the view is another. */
  #moved = true;
  /** Whether dots are left to be painted: a map that moves shows the first of them, one that rests all. */
  #unfinished = false;
  /** Whether it was drawn before: the first frame has enough to do without names. */
  #drawn = false;
  /** Whether it has its size and its typeface: it is drawn once, not once smaller or in another. */
  #settled = false;

  constructor(place: HTMLElement, sky: Sky, session: Session, over: AbortSignal) {
    // To ask for it is to lay the page out: not when it has just been changed.
    const typeface = document.fonts.ready;
    this.#sky = sky;
    this.#session = session;
    this.#you = new You(sky);
    this.#canvas = h("canvas", {
      class: "map-sky",
      tabindex: 0,
      role: "application",
      "aria-label": words.mapLabel,
      "aria-describedby": "map-hint",
      "data-testid": "map",
    });
    this.#painter = new Painter(this.#canvas, this.#view);
    place.replaceChildren(this.#frameOf(), this.#list());
    place.hidden = false;
    followGestures(this.#canvas, this.#view, {
      changed: () => this.#look(),
      pointed: (at) => this.#point(at && sky.hit(at, this.#view, REACH)),
      chosen: (at) => this.#choose(at ? sky.hit(at, this.#view, REACH) : this.#pointed),
      stepped: (by) => this.#step(by),
    });
    const resizes = new ResizeObserver(() => {
      this.#painter.resize();
      this.#settled = true;
      this.#look();
    });
    over.addEventListener("abort", () => resizes.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#look(), { signal: over });
    // Not in the frame that has to show the shelf.
    session.addEventListener("change", () => void pause().then(() => this.#follow()), { signal: over });
    over.addEventListener("abort", () => {
      cancelAnimationFrame(this.#frame);
      this.#settled = false;
    });
    this.#follow();
    void typeface.then(() => over.aborted || resizes.observe(this.#canvas));
  }

  #frameOf(): HTMLElement {
    const button = (label: string, text: string, act: () => void): HTMLElement => {
      const click = (): void => {
        act();
        this.#look();
      };
      return h("button", { type: "button", class: "map-button", "aria-label": label, title: label, click }, text);
    };
    return h(
      "div",
      { class: "map-frame" },
      this.#canvas,
      h("h2", { id: "map-title", class: "map-title" }, words.map),
      h("p", { id: "map-hint", class: "map-hint" }, words.mapHint),
      h(
        "div",
        { class: "map-buttons" },
        button(words.mapCloser, "+", () => this.#view.zoomBy(1.6)),
        button(words.mapFarther, "−", () => this.#view.zoomBy(1 / 1.6)),
        button(words.mapAll, "⤢", () => this.#view.reset()),
      ),
      this.#tip.element,
    );
  }

  /** The same for those who do not see the picture, or would rather read. */
  #list(): HTMLElement {
    const details = this.#details;
    details.addEventListener("toggle", () => this.#listNear());
    details.append(h("summary", {}, words.mapNear), this.#near);
    return details;
  }

  #listNear(): void {
    if (!this.#details.open) return;
    const near = this.#sky.nearest(this.#you.goal ?? [0, 0], NEAREST);
    const films = near.flatMap((row) => this.#sky.catalogue.films[row] ?? []);
    this.#near.replaceChildren(
      ...films.map((film) => h("li", {}, h("a", { href: itemHash(film.item) }, titleOf(film)), ` ${yearOf(film)}`)),
    );
  }

  /** Takes up the visitor's change. */
  #follow(): void {
    const { judged, shelf } = this.#session;
    const told = judged.some(({ opinion }) => opinion === "like");
    this.#you.follow(told ? shelf : [], performance.now());
    this.#ask();
    const goal = this.#you.goal ?? [0, 0];
    this.#canvas.dataset.you = goal.map((v) => v.toFixed(4)).join();
    this.#listNear();
  }

  /** Has all of it drawn with the next frame. */
  #look(): void {
    this.#moved = true;
    this.#ask();
  }

  /** Has marks and names drawn with the next frame. */
  #ask(): void {
    this.#stale = true;
    this.#move();
  }

  /** Has the visitor's dot drawn with the next frame. */
  #move(): void {
    if (this.#settled) this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const now = performance.now();
    if (this.#moved) this.#painter.wipe(this.#sky);
    if (this.#moved || this.#unfinished) {
      this.#unfinished = this.#painter.paintDots(this.#sky, this.#moved && this.#drawn ? PORTIONS : 1);
    }
    if (this.#stale && this.#drawn) this.#painter.paintNames(this.#sky, this.#marks());
    this.#stale &&= !this.#drawn;
    this.#moved = false;
    this.#painter.show({ here: this.#you.place(now), trail: this.#you.trail });
    if (this.#pointed !== undefined) this.#tip.place(this.#view.toScreen(this.#sky.place(this.#pointed)), this.#view);
    if (this.#you.travels(now)) this.#move();
    if (this.#unfinished || !this.#drawn) void pause().then(() => this.#move());
    this.#drawn = true;
  }

  #marks(): Marks {
    const judged = (wanted: string): number[] =>
      this.#rows(this.#session.judged.filter(({ opinion }) => opinion === wanted).map(({ item }) => item));
    return {
      shelf: this.#rows(this.#session.shelf),
      liked: judged("like"),
      disliked: judged("dislike"),
      pointed: this.#pointed,
    };
  }

  #rows(films: { item: string }[]): number[] {
    return films.flatMap(({ item }) => this.#sky.catalogue.rows.get(item) ?? []);
  }

  /** Shows what is under the pointer: the film, and the reason if it is on the shelf. */
  #point(row: number | undefined): void {
    if (row === this.#pointed) return;
    this.#pointed = row;
    const film = row === undefined ? undefined : this.#sky.catalogue.films[row];
    this.#canvas.classList.toggle("pointing", film !== undefined);
    this.#tip.show(film, this.#session.shelf.find(({ item }) => item === film?.item)?.because);
    this.#ask();
  }

  #choose(row: number | undefined): void {
    const film = row === undefined ? undefined : this.#sky.catalogue.films[row];
    if (film) location.hash = itemHash(film.item);
  }

  /** From film to film of the shelf, for the keyboard. */
  #step(by: number): void {
    const shelf = this.#rows(this.#session.shelf);
    const next = shelf[(shelf.indexOf(this.#pointed ?? -1) + by + shelf.length) % shelf.length];
    if (next === undefined) return;
    this.#view.centre(this.#sky.place(next));
    this.#point(next);
    this.#canvas.setAttribute("aria-label", `${words.mapLabel} ${this.#tip.element.innerText}`);
  }
}
