// The taste map: every film, the visitor's shelf lit up, and their own dot, which moves with every like.

import type { Catalogue } from "../catalogue.js";
import { h } from "../dom.js";
import { words } from "../language.js";
import { moment, pause } from "../pause.js";
import { titleOf, yearOf } from "../poster.js";
import { itemHash } from "../route.js";
import type { Session } from "../session.js";
import { inTurn } from "../turns.js";
import { Dots } from "./dots.js";
import { followGestures } from "./gestures.js";
import { type Marks, Painter } from "./paint.js";
import { Sky } from "./sky.js";
import { Tip } from "./tip.js";
import { type Point, View } from "./view.js";
import { You } from "./you.js";

/** How far from a dot a pointer still means it, in pixels. */
const REACH = 16;
const dark = matchMedia("(prefers-color-scheme: dark)");
/** Films in the list beside the picture. */
const NEAREST = 8;

/** Shows the map while nothing waits, until `over` aborts. */
export async function showMap(
  place: HTMLElement,
  catalogue: Catalogue,
  places: Float32Array,
  session: Session,
  over: AbortSignal,
): Promise<void> {
  await pause();
  const sky = new Sky(catalogue, places);
  await pause();
  if (!over.aborted) new TasteMap(place, sky, session, over);
}

class TasteMap {
  readonly #sky: Sky;
  readonly #session: Session;
  readonly #view = new View();
  readonly #you: You;
  readonly #canvas: HTMLCanvasElement;
  readonly #dots: Dots;
  readonly #painter: Painter;
  readonly #tip = new Tip();
  readonly #details = h("details", { class: "map-list" });
  readonly #near = h("ul", { class: "map-near" });
  #pointed: number | undefined;
  #frame = 0;
  /** What is painted of marks and names. */
  #pieces: Generator<void> | undefined;
  /** Whether marks and names have to be painted anew. */
  #stale = true;
  /** Whether it is in sight: where it is not, it costs the page no frames. */
  #seen = false;

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
    this.#dots = new Dots(sky.field, () => this.#move(), over);
    this.#painter = new Painter(this.#canvas, this.#view, sky, this.#dots);
    place.replaceChildren(this.#frameOf(), this.#list());
    let pointer: Point | undefined;
    const point = inTurn(() => this.#point(pointer && sky.hit(pointer, this.#view, REACH)));
    followGestures(this.#canvas, this.#view, {
      changed: () => this.#look(),
      pointed: (at) => {
        pointer = at;
        void point();
      },
      chosen: (at) => this.#choose(at ? sky.hit(at, this.#view, REACH) : this.#pointed),
      stepped: (by) => this.#step(by),
    });
    const refresh = (): void => {
      this.#painter.refresh();
      this.#look();
    };
    const resizes = new ResizeObserver(refresh);
    const sight = new IntersectionObserver((entries) => {
      this.#seen = entries.at(-1)?.isIntersecting ?? false;
      this.#ask();
    });
    dark.addEventListener("change", refresh, { signal: over });
    // Not in the frame that has to show the shelf.
    const follow = inTurn(() => void (over.aborted || this.#follow()));
    session.addEventListener("change", () => void follow(), { signal: over });
    over.addEventListener("abort", () => {
      resizes.disconnect();
      sight.disconnect();
      cancelAnimationFrame(this.#frame);
    });
    this.#follow();
    void typeface.then(() => {
      if (over.aborted) return;
      resizes.observe(this.#canvas);
      sight.observe(this.#canvas);
    });
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
    const { personal, shelf } = this.#session;
    this.#you.follow(personal ? shelf : [], performance.now());
    this.#paint();
    this.#move();
    const goal = this.#you.goal ?? [0, 0];
    this.#canvas.dataset.you = goal.map((v) => v.toFixed(4)).join();
    this.#listNear();
  }

  /** Has all of it drawn anew. */
  #look(): void {
    if (this.#view.width) this.#dots.ask({ look: this.#view.look, ratio: devicePixelRatio, dark: dark.matches });
    this.#ask();
  }

  /** Has marks and names drawn anew with the next frame. */
  #ask(): void {
    this.#stale = true;
    this.#move();
  }

  /** Has the visitor and the pointer drawn with the next frame. */
  #move(): void {
    if (this.#seen) this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /**
   * Paints marks and names, where it has its size. While the dots are on their way there is time, and letters are shaped
   * for the first time, which takes it: then it paints in moments that nothing waits for.
   */
  #paint(): void {
    this.#stale = !this.#view.width || !this.#seen;
    if (this.#stale) return;
    this.#pieces = this.#painter.paintNames(this.#marks());
    if (this.#dots.ready) while (!this.#pieces.next().done);
    else void this.#paintWhileIdle(this.#pieces);
  }

  /** Goes on until all is painted, or painted anew. */
  async #paintWhileIdle(pieces: Generator<void>): Promise<void> {
    for (let done = false; !done; ) {
      await pause();
      const lasts = moment();
      while (!done && lasts()) done = this.#pieces !== pieces || !!pieces.next().done;
    }
    this.#move();
  }

  #draw(): void {
    this.#frame = 0;
    if (this.#stale) this.#paint();
    // It is drawn once, not once without dots: when they are there it is asked for again.
    if (!this.#dots.ready) return;
    const now = performance.now();
    this.#painter.show({ here: this.#you.place(now), trail: this.#you.trail, pointed: this.#pointed });
    if (this.#pointed !== undefined) this.#tip.place(this.#view.toScreen(this.#sky.place(this.#pointed)), this.#view);
    if (this.#you.travels(now)) this.#move();
  }

  #marks(): Marks {
    const judged = (wanted: string): number[] =>
      this.#rows(this.#session.judged.filter(({ opinion }) => opinion === wanted).map(({ item }) => item));
    return {
      shelf: this.#rows(this.#session.shelf),
      liked: judged("like"),
      disliked: judged("dislike"),
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
    this.#move();
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
