import { titleOf } from "../poster.js";
import type { Sky } from "./sky.js";
import type { View } from "./view.js";

/** A piece of the screen that a label takes. */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Height of a line, and room around it. */
const LINE = 13;
/** Screen that one label needs, in square pixels: so many there are at most. */
const ROOM = 14_000;

/** How much of a name shows of a film that is not among the first. */
const FAINT = 0.62;

/** Films whose name is tried to be placed, besides the first. */
const TRIES = 150;

/** Names films beside their dots, `first` ones first and then by fame, as long as no name lies on another. */
export function drawLabels(context: CanvasRenderingContext2D, view: View, sky: Sky, first: Set<number>): void {
  const taken: Box[] = [];
  const most = (view.width * view.height) / ROOM;
  for (const row of candidates(first, sky, view)) {
    if (taken.length >= most) break;
    const film = sky.catalogue.films[row];
    if (!film) continue;
    const [x, y] = view.toScreen(sky.place(row));
    const gap = sky.radius(row, view) + 4;
    // Where a name would begin on either side another lies: to measure it first costs more than all else.
    if ([x - gap, x + gap].every((start) => taken.some((other) => covers(other, start, y)))) continue;
    const title = shortened(titleOf(film));
    const width = context.measureText(title).width;
    const left = x + gap + width < view.width ? x + gap : x - gap - width;
    const box = { left: left - 4, top: y - LINE / 2 - 2, right: left + width + 4, bottom: y + LINE / 2 + 2 };
    if (left < 0 || taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    context.globalAlpha = first.has(row) ? 1 : FAINT;
    context.strokeText(title, left, y);
    context.fillText(title, left, y);
  }
  context.globalAlpha = 1;
}

/** Films within the window, as many as may be tried. */
function* candidates(first: Set<number>, sky: Sky, view: View): Generator<number> {
  for (const row of first) {
    const [x, y] = view.toScreen(sky.place(row));
    if (x > 0 && y > LINE / 2 && x < view.width && y < view.height - LINE / 2) yield row;
  }
  for (const { row } of sky.seen(view, -LINE / 2, TRIES)) if (!first.has(row)) yield row;
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const covers = ({ left, top, right, bottom }: Box, x: number, y: number): boolean =>
  left < x && x < right && top < y && y < bottom;

const shortened = (title: string): string => (title.length > 30 ? `${title.slice(0, 28)}…` : title);
