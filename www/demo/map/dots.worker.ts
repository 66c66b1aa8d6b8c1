// Paints films as dots of their genres' colours, those of a colour as one path, on a thread that keeps nobody waiting.

import { type Field, forEachSeen, radius, STEP } from "./field.js";
import type { Look } from "./view.js";

/** What is to be painted: a picture for a look, with so many pixels to a CSS pixel. */
export interface Order {
  look: Look;
  ratio: number;
  dark: boolean;
}

/** The least radius of a dot that is drawn as a disc, in pixels. */
const ROUND = 1.5;

let field: Field;

onmessage = ({ data }: MessageEvent<Field | Order>) => {
  if ("places" in data) return void (field = data);
  const picture = paint(data);
  postMessage(picture, { transfer: [picture] });
};

function paint({ look, ratio, dark }: Order): ImageBitmap {
  const canvas = new OffscreenCanvas(Math.max(1, look.width * ratio), Math.max(1, look.height * ratio));
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.scale(ratio, ratio);
  for (const [hue, path] of paths(look)) {
    context.fillStyle = dark ? `oklch(0.78 0.11 ${hue * STEP} / 0.7)` : `oklch(0.56 0.13 ${hue * STEP} / 0.62)`;
    context.fill(path);
  }
  return canvas.transferToImageBitmap();
}

/** The dots of each hue. */
function paths(look: Look): Map<number, Path2D> {
  const paths = new Map<number, Path2D>();
  forEachSeen(field, look, (row, x, y) => {
    const hue = field.hues[row] ?? 0;
    const path = paths.get(hue) ?? new Path2D();
    paths.set(hue, path);
    const r = radius(field, row, look);
    // What is hardly seen need not be round, and costs a fraction of it.
    if (r < ROUND) {
      path.rect(x - r, y - r, 2 * r, 2 * r);
    } else {
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
    }
  });
  return paths;
}
