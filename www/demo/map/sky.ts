// Films as dots of their genres' colours, on a canvas: the best known first, portion by portion, those of a colour as one
// path. Of more films than can be told apart the others appear when one comes closer.

import type { Catalogue } from "../catalogue.js";
import { hueOf } from "../poster.js";
import type { Point, View } from "./view.js";

/** Hues are told apart in steps of so many degrees. */
const STEP = 15;

/** The least radius of a dot that is drawn as a disc, in pixels. */
const ROUND = 1.5;

/** Dots that are drawn in all, and at a time. */
const [MOST, PORTION] = [10_000, 500];

/** Dots so many pixels beyond the window may reach into it. */
const EDGE = 9;

/** A film's row, and where its dot is on the screen. */
export interface Dot {
  row: number;
  x: number;
  y: number;
}

/** The films with their places. */
export class Sky {
  readonly catalogue: Catalogue;
  readonly #places: Float32Array;
  /** Of each row, in steps. */
  readonly #hues: Uint8Array;
  /** Of each row's dot where the whole map is seen, in pixels: its area is the film's fame. */
  readonly #radii: Float32Array;

  constructor(catalogue: Catalogue, places: Float32Array) {
    this.catalogue = catalogue;
    this.#places = places;
    this.#hues = Uint8Array.from(catalogue.films, (film) => Math.round(hueOf(film) / STEP));
    const most = catalogue.count(catalogue.byFame[0] ?? 0) || 1;
    this.#radii = Float32Array.from(catalogue.films, (_, row) => 0.9 + 3.2 * Math.sqrt(catalogue.count(row) / most));
  }

  place(row: number): Point {
    return [this.#places[2 * row] ?? 0, this.#places[2 * row + 1] ?? 0];
  }

  /** Its dot's radius in pixels. */
  radius(row: number, view: View): number {
    return (this.#radii[row] ?? 0) * Math.sqrt(Math.sqrt(view.zoom));
  }

  /** The films that are drawn, the best known first. */
  dots(view: View): Iterator<Dot> {
    return this.seen(view, EDGE, MOST);
  }

  /** Draws the next portion of the dots; whether there may be more. */
  draw(context: CanvasRenderingContext2D, dots: Iterator<Dot>, view: View, dark: boolean): boolean {
    const paths = new Map<number, Path2D>();
    let drawn = 0;
    for (let next = dots.next(); !next.done; next = dots.next()) {
      const { row, x, y } = next.value;
      const hue = this.#hues[row] ?? 0;
      const path = paths.get(hue) ?? new Path2D();
      paths.set(hue, path);
      const radius = this.radius(row, view);
      // What is hardly seen need not be round, and costs a fraction of it.
      if (radius < ROUND) {
        path.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      } else {
        path.moveTo(x + radius, y);
        path.arc(x, y, radius, 0, 2 * Math.PI);
      }
      if (++drawn === PORTION) break;
    }
    for (const [hue, path] of paths) {
      context.fillStyle = dark ? `oklch(0.78 0.11 ${hue * STEP} / 0.7)` : `oklch(0.56 0.13 ${hue * STEP} / 0.62)`;
      context.fill(path);
    }
    return drawn === PORTION;
  }

  /** The best known `most` films within the window or `edge` pixels beyond, with where they are on the screen. */
  *seen(view: View, edge: number, most: number): Generator<Dot> {
    const [[left, top], [right, bottom]] = [view.toScreen([0, 0]), view.toScreen([1, 1])];
    let found = 0;
    for (const row of this.catalogue.byFame) {
      const x = left + (right - left) * (this.#places[2 * row] ?? 0);
      const y = top + (bottom - top) * (this.#places[2 * row + 1] ?? 0);
      if (x < -edge || y < -edge || x > view.width + edge || y > view.height + edge) continue;
      if (found++ === most) return;
      yield { row, x, y };
    }
  }

  /** The film nearest to a point of the screen, if one is near. */
  hit([x, y]: Point, view: View, reach: number): number | undefined {
    let found: number | undefined;
    let nearest = reach * reach;
    for (const dot of this.seen(view, EDGE, MOST)) {
      const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
      if (distance < nearest) [nearest, found] = [distance, dot.row];
    }
    return found;
  }

  /** The films nearest to a place, nearest first. */
  nearest(place: Point, count: number): number[] {
    const distance = (row: number): number => {
      const [x, y] = this.place(row);
      return (x - place[0]) ** 2 + (y - place[1]) ** 2;
    };
    return [...this.catalogue.films.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, count);
  }
}
