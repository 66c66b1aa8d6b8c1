// Mouse, fingers and keys move and zoom the map.

import type { Point, View } from "./view.js";

/** What the map is told of a gesture. */
export interface Told {
  /** The view is another. */
  changed: () => void;
  /** The pointer is there, or nowhere. */
  pointed: (at: Point | undefined) => void;
  /** A click there, or Enter. */
  chosen: (at: Point | undefined) => void;
  /** The keyboard asks for the next or the last film. */
  stepped: (by: number) => void;
}

/** A pointer that went farther than this was no click, in pixels. */
const SLACK = 5;
/** Pixels that an arrow moves the map. */
const ARROW = 60;

/** Follows gestures on the canvas. One finger scrolls the page, as everywhere; two move and zoom the map. */
export function followGestures(canvas: HTMLCanvasElement, view: View, told: Told): void {
  const pointers = new Map<number, Point>();
  let travelled = 0;

  const at = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, at(event));
    travelled = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const [before, now] = [pointers.get(event.pointerId), at(event)];
    if (!before) return told.pointed(now);
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (travelled > SLACK) canvas.setPointerCapture(event.pointerId);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const [was, is] = [before, now].map((end) => Math.hypot(end[0] - other[0], end[1] - other[1]));
      view.zoomBy((is ?? 1) / (was || 1), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
      view.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    } else {
      view.pan(now[0] - before[0], now[1] - before[1]);
    }
    pointers.set(event.pointerId, now);
    told.changed();
  });
  const lift = (event: PointerEvent): void => void pointers.delete(event.pointerId);
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => told.pointed(undefined));
  canvas.addEventListener("click", (event) => travelled <= SLACK && told.chosen(at(event)));
  canvas.addEventListener("dblclick", (event) => {
    view.zoomBy(2, at(event));
    told.changed();
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      // The wheel scrolls the page unless the map has the focus or a key says zoom; so does a trackpad's pinch.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
      event.preventDefault();
      view.zoomBy(2 ** (-event.deltaY / (event.ctrlKey ? 100 : 400)), at(event));
      told.changed();
    },
    { passive: false },
  );

  const keys: Record<string, () => void> = {
    ArrowLeft: () => view.pan(ARROW, 0),
    ArrowRight: () => view.pan(-ARROW, 0),
    ArrowUp: () => view.pan(0, ARROW),
    ArrowDown: () => view.pan(0, -ARROW),
    "+": () => view.zoomBy(1.6),
    "=": () => view.zoomBy(1.6),
    "-": () => view.zoomBy(1 / 1.6),
    "0": () => view.reset(),
    n: () => told.stepped(1),
    p: () => told.stepped(-1),
    Enter: () => told.chosen(undefined),
  };
  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
    told.changed();
  });
}
