// What part of the map is seen: places on the map are -1 to 1, those on the screen are CSS pixels.

export type Point = readonly [x: number, y: number];

/**
 * A view at one moment, as plain numbers for another thread: where the
 * map's middle lies, and pixels to a unit along each axis.
 */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
  readonly left: number;
  readonly top: number;
  readonly unitX: number;
  readonly unitY: number;
}

/** Nobody needs to come closer than this. */
const CLOSEST = 40;
/** The part of the window that the whole map takes: below its title, above what is said of it. */
const PART: Point = [0.9, 0.8];

/** A window onto the map that can be moved and zoomed. */
export class View {
  /** Nothing until the page has laid it out. */
  width = 0;
  height = 0;
  /** The place in the middle. */
  #middle: Point = [0, 0];
  /** 1 shows all. */
  #zoom = 1;

  get zoom(): number {
    return this.#zoom;
  }

  /** Pixels to a unit of the map, along each axis: distances mean nothing exact, so the map fills its window. */
  get #scale(): Point {
    return [(this.width / 2) * PART[0] * this.#zoom, (this.height / 2) * PART[1] * this.#zoom];
  }

  /** What is seen now. */
  get look(): Look {
    const [[left, top], [unitX, unitY]] = [this.toScreen([0, 0]), this.#scale];
    return { width: this.width, height: this.height, zoom: this.#zoom, left, top, unitX, unitY };
  }

  toScreen([x, y]: Point): Point {
    const [scaleX, scaleY] = this.#scale;
    return [this.width / 2 + (x - this.#middle[0]) * scaleX, this.height / 2 + (y - this.#middle[1]) * scaleY];
  }

  toMap([x, y]: Point): Point {
    const [scaleX, scaleY] = this.#scale;
    return [(x - this.width / 2) / scaleX + this.#middle[0], (y - this.height / 2) / scaleY + this.#middle[1]];
  }

  /** Moves the map by pixels. */
  pan(x: number, y: number): void {
    this.#look([this.#middle[0] - x / this.#scale[0], this.#middle[1] - y / this.#scale[1]]);
  }

  /** Zooms such that what is under `at` stays there. */
  zoomBy(factor: number, at: Point = [this.width / 2, this.height / 2]): void {
    const before = this.toMap(at);
    this.#zoom = Math.min(CLOSEST, Math.max(1, this.#zoom * factor));
    const after = this.toMap(at);
    this.#look([this.#middle[0] + before[0] - after[0], this.#middle[1] + before[1] - after[1]]);
  }

  /** Brings a place to the middle. */
  centre(place: Point): void {
    this.#look(place);
  }

  /** Shows all. */
  reset(): void {
    this.#zoom = 1;
    this.#look([0, 0]);
  }

  /** The map never leaves the window. */
  #look([x, y]: Point): void {
    const room = 1 - 1 / this.#zoom;
    this.#middle = [Math.min(room, Math.max(-room, x)), Math.min(room, Math.max(-room, y))];
  }
}
