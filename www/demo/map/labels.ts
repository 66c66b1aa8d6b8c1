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

/** Hardly a letter is narrower, in pixels. */
const NARROW = 2.5;

/** How much of a name shows of a film that is not among the first. */
const FAINT = 0.62;

/** Films whose name is tried to be placed, besides the first. */
const TRIES = 150;

/** Names films beside their dots, `first` ones first and then by fame, as long as no name lies on another; film by film. */
export function* drawLabels(
  context: CanvasRenderingContext2D,
  view: View,
  sky: Sky,
  first: Set<number>,
): Generator<void> {
  const taken: Box[] = [];
  const free = (box: Box): boolean => !taken.some((other) => overlap(box, other));
  const most = (view.width * view.height) / ROOM;
  for (const row of candidates(first, sky, view)) {
    if (taken.length >= most) break;
    yield;
    const film = sky.catalogue.films[row];
    if (!film) continue;
    const [x, y] = view.toScreen(sky.place(row));
    const gap = sky.radius(row, view) + 4;
    const title = shortened(titleOf(film));
    // To measure what has no room on either side, however narrow, takes longer than all else.
    const least = title.length * NARROW;
    if (![x + gap, x - gap - least].some((left) => free(boxOf(left, y, least)))) continue;
    const width = context.measureText(title).width;
    const left = x + gap + width < view.width ? x + gap : x - gap - width;
    const box = boxOf(left, y, width);
    if (left < 0 || !free(box)) continue;
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
  for (const row of sky.seen(view, -LINE / 2, TRIES)) if (!first.has(row)) yield row;
}

/** What a name takes, with some room around it. */
const boxOf = (left: number, y: number, width: number): Box => ({
  left: left - 4,
  top: y - LINE / 2 - 2,
  right: left + width + 4,
  bottom: y + LINE / 2 + 2,
});

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const shortened = (title: string): string => (title.length > 30 ? `${title.slice(0, 28)}…` : title);
