import type { Catalogue } from "../catalogue.js";
import { hueOf } from "../poster.js";
import { type Field, forEachSeen, radius, STEP } from "./field.js";
import type { Point, View } from "./view.js";

/** The films with their places. */
export class Sky {
  readonly catalogue: Catalogue;
  readonly field: Field;

  constructor(catalogue: Catalogue, places: Float32Array) {
    this.catalogue = catalogue;
    const { films, byFame } = catalogue;
    const hues = Uint8Array.from(films, (film) => Math.round(hueOf(film) / STEP));
    const most = catalogue.count(byFame[0] ?? 0) || 1;
    const radii = Float32Array.from(films, (_, row) => 0.9 + 3.2 * Math.sqrt(catalogue.count(row) / most));
    this.field = { places, byFame, hues, radii };
  }

  place(row: number): Point {
    const { places } = this.field;
    return [places[2 * row] ?? 0, places[2 * row + 1] ?? 0];
  }

  /** Its dot's radius in pixels. */
  radius(row: number, view: View): number {
    return radius(this.field, row, view.look);
  }

  /** The best known `most` films within the window or `edge` pixels beyond. */
  seen(view: View, edge: number, most: number): number[] {
    const rows: number[] = [];
    forEachSeen(this.field, view.look, (row) => rows.push(row), edge, most);
    return rows;
  }

  /** The film nearest to a point of the screen, if one is near. */
  hit([atX, atY]: Point, view: View, reach: number): number | undefined {
    let found: number | undefined;
    let nearest = reach * reach;
    forEachSeen(this.field, view.look, (row, x, y) => {
      const distance = (x - atX) ** 2 + (y - atY) ** 2;
      if (distance >= nearest) return;
      nearest = distance;
      found = row;
    });
    return found;
  }

  /** The films nearest to a place, nearest first. */
  nearest([x, y]: Point, count: number): number[] {
    const { places } = this.field;
    const near: { row: number; distance: number }[] = [];
    for (let row = 0; row < places.length / 2; row++) {
      const distance = ((places[2 * row] ?? 0) - x) ** 2 + ((places[2 * row + 1] ?? 0) - y) ** 2;
      if (near.length === count && distance >= (near.at(-1)?.distance ?? 0)) continue;
      const place = near.findIndex((other) => other.distance > distance);
      near.splice(place < 0 ? near.length : place, 0, { row, distance });
      near.length = Math.min(near.length, count);
    }
    return near.map(({ row }) => row);
  }
}
