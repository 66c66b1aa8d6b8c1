// Films as points of the map, the best known first: what both threads know of them. Of more films than can be told apart
// the others appear when one comes closer.

import type { Look } from "./view.js";

/** What is known of each film, by row. */
export interface Field {
  /** Two numbers from -1 to 1 each. */
  places: Float32Array;
  /** Rows by fame, the best known first. */
  byFame: Uint32Array;
  /** Of its genre's colour, in steps. */
  hues: Uint8Array;
  /** Of its dot where the whole map is seen, in pixels: the dot's area is its fame. */
  radii: Float32Array;
}

/** Hues are told apart in steps of so many degrees. */
export const STEP = 15;

/** Dots that are drawn; those so many pixels beyond the window may reach into it. */
const [MOST, EDGE] = [10_000, 9];

/** Told of a film's row and where its dot is on the screen. */
type See = (row: number, x: number, y: number) => void;

/**
 * Tells of the best known films within the window, or `edge` pixels beyond, with where they are on the screen. By calls:
 * a pointer goes through all of them, and a generator of 10,000 objects takes milliseconds.
 */
export function forEachSeen({ places, byFame }: Field, look: Look, see: See, edge = EDGE, most = MOST): void {
  const { left, top, unitX, unitY, width, height } = look;
  let found = 0;
  for (const row of byFame) {
    const x = left + unitX * (places[2 * row] ?? 0);
    const y = top + unitY * (places[2 * row + 1] ?? 0);
    if (x < -edge || y < -edge || x > width + edge || y > height + edge) continue;
    if (found++ === most) return;
    see(row, x, y);
  }
}

/** The radius of a film's dot, in pixels. */
export const radius = ({ radii }: Field, row: number, { zoom }: Look): number => (radii[row] ?? 0) * zoom ** 0.25;
