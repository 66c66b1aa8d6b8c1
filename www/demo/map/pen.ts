import type { Point } from "./view.js";

/** The colours that the style sheet has for the map, and its typeface. */
export type Inks = Record<"ink" | "ground" | "like" | "dislike" | "typeface", string>;

/** Asks the style of an element on the page for them. */
export function inksOf(shown: HTMLElement): Inks {
  const style = getComputedStyle(shown);
  const colour = (name: string): string => style.getPropertyValue(`--map-${name}`);
  const [ink, ground, like, dislike] = [colour("ink"), colour("ground"), colour("like"), colour("dislike")];
  return { ink, ground, like, dislike, typeface: style.fontFamily };
}

/** Draws on a wiped layer, in CSS pixels. */
export class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly #inks: Inks;

  constructor(layer: HTMLCanvasElement, inks: Inks) {
    this.context = layer.getContext("2d") as CanvasRenderingContext2D;
    this.#inks = inks;
    this.context.reset();
    this.context.scale(devicePixelRatio, devicePixelRatio);
  }

  ring(at: Point, radius: number, colour: keyof Inks, width: number): void {
    this.context.strokeStyle = this.#inks[colour];
    this.context.lineWidth = width;
    this.#circle(at, radius);
    this.context.stroke();
  }

  dot(at: Point, radius: number, colour: keyof Inks): void {
    this.context.fillStyle = this.#inks[colour];
    this.#circle(at, radius);
    this.context.fill();
  }

  /** A dotted line through the points. */
  path(points: Point[]): void {
    const { context } = this;
    context.strokeStyle = this.#inks.like;
    context.lineWidth = 1.5;
    context.setLineDash([2, 4]);
    context.beginPath();
    for (const point of points) context.lineTo(...point);
    context.stroke();
    context.setLineDash([]);
  }

  /** Makes ready for letters with a rim of the ground's colour, to be read on any dots. */
  letters(font: string, colour: keyof Inks): void {
    const { context } = this;
    context.font = `${font} ${this.#inks.typeface}`;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.#inks.ground;
    context.fillStyle = this.#inks[colour];
  }

  #circle(at: Point, radius: number): void {
    this.context.beginPath();
    this.context.arc(...at, radius, 0, 2 * Math.PI);
  }
}
