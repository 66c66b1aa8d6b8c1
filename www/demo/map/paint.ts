// Draws the map: all films, the visitor's among them, names, and the visitor.

import { words } from "../language.js";
import type { Dots } from "./dots.js";
import { drawLabels } from "./labels.js";
import { type Inks, inksOf, Pen } from "./pen.js";
import type { Sky } from "./sky.js";
import type { Point, View } from "./view.js";

/** What is special about films, by row. */
export interface Marks {
  shelf: number[];
  liked: number[];
  disliked: number[];
}

/** The visitor's dot and where it was before, and the film under the pointer. */
export interface Present {
  here: Point | undefined;
  trail: Point[];
  pointed: number | undefined;
}

/**
 * Three layers: the films' dots, which change with the view alone, their marks and names, and on them what moves: the
 * visitor and the pointer.
 */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #names = document.createElement("canvas");
  readonly #view: View;
  readonly #sky: Sky;
  readonly #dots: Dots;
  #inks: Inks;

  constructor(canvas: HTMLCanvasElement, view: View, sky: Sky, dots: Dots) {
    this.#canvas = canvas;
    this.#view = view;
    this.#sky = sky;
    this.#dots = dots;
    this.#inks = inksOf(canvas);
  }

  /** Takes up the canvas's size and colours on the page. */
  refresh(): void {
    this.#inks = inksOf(this.#canvas);
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    Object.assign(this.#view, { width, height });
    for (const layer of [this.#canvas, this.#names]) {
      Object.assign(layer, { width: width * devicePixelRatio, height: height * devicePixelRatio });
    }
  }

  /** Paints marks and names anew, piece by piece. */
  *paintNames(marks: Marks): Generator<void> {
    const pen = new Pen(this.#names, this.#inks);
    for (const row of marks.shelf) pen.ring(...this.#disc(row, 2), "ink", 1.5);
    for (const row of marks.disliked) pen.dot(...this.#disc(row, 1.5), "dislike");
    for (const row of marks.liked) pen.dot(...this.#disc(row, 1.5), "like");
    yield;
    pen.letters("600 11px", "ink");
    yield* drawLabels(pen.context, this.#view, this.#sky, new Set([...marks.liked, ...marks.disliked, ...marks.shelf]));
  }

  /** Shows what was painted, with the visitor and the pointer. */
  show({ here, trail, pointed }: Present): void {
    const pen = new Pen(this.#canvas, this.#inks);
    const { width, height } = this.#view;
    this.#dots.draw(pen.context, this.#view.look);
    pen.context.drawImage(this.#names, 0, 0, width, height);
    if (pointed !== undefined) pen.ring(...this.#disc(pointed, 4), "like", 2);
    if (!here) return;
    const at = this.#view.toScreen(here);
    pen.path([...trail.map((place) => this.#view.toScreen(place)), at]);
    pen.context.globalAlpha = 0.22;
    pen.ring(at, 12, "like", 11);
    pen.context.globalAlpha = 1;
    pen.dot(at, 7, "like");
    pen.ring(at, 7, "ground", 2.5);
    pen.letters("700 13px", "like");
    pen.context.textAlign = "center";
    pen.context.strokeText(words.you, at[0], at[1] - 20);
    pen.context.fillText(words.you, at[0], at[1] - 20);
  }

  /** A film's disc and so many pixels more. */
  #disc(row: number, more: number): [Point, number] {
    return [this.#view.toScreen(this.#sky.place(row)), this.#sky.radius(row, this.#view) + more];
  }
}
