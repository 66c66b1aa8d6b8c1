// Every film as a dot of its genre's colour, on a canvas. Dots of a colour are one path, so that tens of thousands
// take a few milliseconds.

import type { Catalogue } from "../catalogue.js";
import { hueOf } from "../poster.js";
import type { Point, View } from "./view.js";

/** Hues are told apart in steps of so many degrees. */
const STEP = 15;

/** The least radius of a dot that is drawn as a disc, in pixels. */
const ROUND = 1.5;

/** The films with their places. */
export class Sky {
  readonly catalogue: Catalogue;
  readonly #places: Float32Array;
  /** Rows by hue. */
  readonly #colours = new Map<number, number[]>();
  /** Rows, the best known first. */
  readonly byFame: number[];

  constructor(catalogue: Catalogue, places: Float32Array) {
    this.catalogue = catalogue;
    this.#places = places;
    this.byFame = catalogue.ranking.flatMap(({ item }) => catalogue.rows.get(item) ?? []);
    for (const [row, film] of catalogue.films.entries()) {
      const hue = Math.round(hueOf(film) / STEP) * STEP;
      const rows = this.#colours.get(hue);
      if (rows) rows.push(row);
      else this.#colours.set(hue, [row]);
    }
  }

  place(row: number): Point {
    return [this.#places[2 * row] ?? 0, this.#places[2 * row + 1] ?? 0];
  }

  /** Its dot's radius in pixels: a film's area is its fame's. */
  radius(row: number, view: View): number {
    const most = this.catalogue.count(this.byFame[0] ?? 0) || 1;
    const fame = Math.sqrt(this.catalogue.count(row) / most);
    return (0.9 + 3.2 * fame) * Math.sqrt(Math.sqrt(view.zoom));
  }

  draw(context: CanvasRenderingContext2D, view: View, dark: boolean): void {
    for (const [hue, rows] of this.#colours) {
      context.fillStyle = dark ? `oklch(0.78 0.11 ${hue} / 0.7)` : `oklch(0.56 0.13 ${hue} / 0.62)`;
      context.beginPath();
      for (const row of rows) {
        const [x, y] = view.toScreen(this.place(row));
        if (!inside(view, x, y)) continue;
        const radius = this.radius(row, view);
        // What is hardly seen need not be round, and costs a fraction of it.
        if (radius < ROUND) {
          context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
        } else {
          context.moveTo(x + radius, y);
          context.arc(x, y, radius, 0, 2 * Math.PI);
        }
      }
      context.fill();
    }
  }

  /** The film nearest to a point of the screen, if one is near. */
  hit([x, y]: Point, view: View, reach: number): number | undefined {
    let found: number | undefined;
    let nearest = reach * reach;
    for (let row = 0; row < this.catalogue.films.length; row++) {
      const [dotX, dotY] = view.toScreen(this.place(row));
      const distance = (dotX - x) ** 2 + (dotY - y) ** 2;
      if (distance < nearest) [nearest, found] = [distance, row];
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

const inside = (view: View, x: number, y: number): boolean =>
  x > -9 && y > -9 && x < view.width + 9 && y < view.height + 9;
