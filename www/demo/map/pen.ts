import type { Point } from "./view.js";

/** Draws on a wiped layer, in CSS pixels and in the colours that the style sheet has for the map. */
export class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly #style: CSSStyleDeclaration;

  /** On `layer`, with the style of the element that is on the page. */
  constructor(layer: HTMLCanvasElement, shown: HTMLElement) {
    this.context = layer.getContext("2d") as CanvasRenderingContext2D;
    this.#style = getComputedStyle(shown);
    this.context.reset();
    this.context.scale(devicePixelRatio, devicePixelRatio);
  }

  ring(at: Point, radius: number, colour: string, width: number): void {
    this.context.strokeStyle = this.#colour(colour);
    this.context.lineWidth = width;
    this.#circle(at, radius);
    this.context.stroke();
  }

  dot(at: Point, radius: number, colour: string): void {
    this.context.fillStyle = this.#colour(colour);
    this.#circle(at, radius);
    this.context.fill();
  }

  /** A dotted line through the points. */
  path(points: Point[]): void {
    const { context } = this;
    context.strokeStyle = this.#colour("like");
    context.lineWidth = 1.5;
    context.setLineDash([2, 4]);
    context.beginPath();
    for (const point of points) context.lineTo(...point);
    context.stroke();
    context.setLineDash([]);
  }

  /** Makes ready for letters with a rim of the ground's colour, to be read on any dots. */
  letters(font: string, colour: string): void {
    const { context } = this;
    context.font = `${font} ${this.#style.fontFamily}`;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = this.#colour("ground");
    context.fillStyle = this.#colour(colour);
  }

  #colour(name: string): string {
    return this.#style.getPropertyValue(`--map-${name}`);
  }

  #circle(at: Point, radius: number): void {
    this.context.beginPath();
    this.context.arc(...at, radius, 0, 2 * Math.PI);
  }
}
