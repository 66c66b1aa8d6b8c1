// Draws the map: all films, the visitor's among them, names, and the visitor.

import { words } from "../language.js";
import { drawLabels } from "./labels.js";
import { Pen } from "./pen.js";
import type { Sky } from "./sky.js";
import type { Point, View } from "./view.js";

/** What is special about films, by row. */
export interface Marks {
  shelf: number[];
  liked: number[];
  disliked: number[];
  pointed: number | undefined;
}

/** The visitor's dot and where it was before. */
export interface Path {
  here: Point | undefined;
  trail: Point[];
}

/** Two layers: what stays while the visitor's dot travels, and on it the dot. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #ground = document.createElement("canvas");
  readonly #view: View;

  constructor(canvas: HTMLCanvasElement, view: View) {
    this.#canvas = canvas;
    this.#view = view;
  }

  /** Takes up the canvas's size on the page. */
  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    Object.assign(this.#view, { width, height });
    for (const layer of [this.#canvas, this.#ground]) {
      Object.assign(layer, { width: width * devicePixelRatio, height: height * devicePixelRatio });
    }
  }

  /** Paints the films anew, with or without names. */
  paintFilms(sky: Sky, marks: Marks, named: boolean): void {
    const view = this.#view;
    const pen = new Pen(this.#ground, this.#canvas);
    sky.draw(pen.context, view, matchMedia("(prefers-color-scheme: dark)").matches);
    const disc = (row: number, more: number): [Point, number] => [
      view.toScreen(sky.place(row)),
      sky.radius(row, view) + more,
    ];
    for (const row of marks.shelf) pen.ring(...disc(row, 2), "ink", 1.5);
    for (const row of marks.disliked) pen.dot(...disc(row, 1.5), "dislike");
    for (const row of marks.liked) pen.dot(...disc(row, 1.5), "like");
    pen.letters("600 11px", "ink");
    if (named) drawLabels(pen.context, view, sky, new Set([...marks.liked, ...marks.disliked, ...marks.shelf]));
    if (marks.pointed !== undefined) pen.ring(...disc(marks.pointed, 4), "like", 2);
  }

  /** Shows the films with the visitor among them. */
  paintYou({ here, trail }: Path): void {
    const pen = new Pen(this.#canvas, this.#canvas);
    const { width, height } = this.#view;
    pen.context.drawImage(this.#ground, 0, 0, width, height);
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
}
