import type { Order } from "./dots.worker.js";
import type { Field } from "./field.js";
import type { Look } from "./view.js";

/**
 * The films' dots, as a picture that another thread paints. While the picture for a new look is on its way the last one
 * stands in for it, moved and zoomed.
 */
export class Dots {
  readonly #worker = new Worker(new URL("./dots.worker.ts", import.meta.url), { type: "module" });
  /** What was asked for last, while its picture or that of an older look is being painted. */
  #asked: Order | undefined;
  #painting: Order | undefined;
  #picture: { image: ImageBitmap; look: Look } | undefined;

  /** Calls back with each new picture, until `over` aborts. */
  constructor(field: Field, arrived: () => void, over: AbortSignal) {
    over.addEventListener("abort", () => this.#worker.terminate());
    this.#worker.postMessage(field);
    this.#worker.onmessage = ({ data: image }: MessageEvent<ImageBitmap>) => {
      this.#picture?.image.close();
      if (this.#painting) this.#picture = { image, look: this.#painting.look };
      this.#painting = undefined;
      this.#paint();
      arrived();
    };
  }

  /** Whether there is anything to be shown. */
  get ready(): boolean {
    return this.#picture !== undefined;
  }

  /** Has a picture painted; of those that are asked for while one is being painted only the last. */
  ask(order: Order): void {
    this.#asked = order;
    this.#paint();
  }

  #paint(): void {
    if (this.#painting || !this.#asked) return;
    this.#painting = this.#asked;
    this.#asked = undefined;
    this.#worker.postMessage(this.#painting);
  }

  /** Draws what there is, as it lies in the look of now. */
  draw(context: CanvasRenderingContext2D, now: Look): void {
    if (!this.#picture) return;
    const { image, look } = this.#picture;
    const [scaleX, scaleY] = [now.unitX / look.unitX, now.unitY / look.unitY];
    const [x, y] = [now.left - look.left * scaleX, now.top - look.top * scaleY];
    context.drawImage(image, x, y, look.width * scaleX, look.height * scaleY);
  }
}
