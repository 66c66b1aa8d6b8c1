import type { Recommendation } from "foldin";
import { still } from "../motion.js";
import type { Sky } from "./sky.js";
import type { Point } from "./view.js";

/** How long the dot travels, in milliseconds. */
const JOURNEY = 900;
/** Places that the trail remembers. */
const TRAIL = 16;

/** The visitor's own dot: in the midst of their shelf, and on its way there whenever the shelf changes. */
export class You {
  readonly #sky: Sky;
  /** Where it has been, the latest last. */
  trail: Point[] = [];
  #from: Point | undefined;
  #to: Point | undefined;
  #started = 0;

  constructor(sky: Sky) {
    this.#sky = sky;
  }

  /** Sets out for the middle of the shelf, each film weighing its score; nowhere without one. */
  follow(shelf: Recommendation[], now: number): void {
    const to = middle(shelf, this.#sky);
    if (to && this.#to && to[0] === this.#to[0] && to[1] === this.#to[1]) return;
    this.#from = to && (this.place(now) ?? to);
    this.trail = to && this.#to ? [...this.trail, this.#to].slice(-TRAIL) : [];
    this.#to = to;
    this.#started = still.matches ? -JOURNEY : now;
  }

  /** Where it stays, or is going. */
  get goal(): Point | undefined {
    return this.#to;
  }

  /** Where it is at a time. */
  place(now: number): Point | undefined {
    if (!this.#from || !this.#to) return undefined;
    const part = Math.min(1, (now - this.#started) / JOURNEY);
    const eased = 1 - (1 - part) ** 3;
    return [
      this.#from[0] + (this.#to[0] - this.#from[0]) * eased,
      this.#from[1] + (this.#to[1] - this.#from[1]) * eased,
    ];
  }

  /** Whether it is under way. */
  travels(now: number): boolean {
    return this.#to !== undefined && now - this.#started < JOURNEY;
  }
}

function middle(shelf: Recommendation[], sky: Sky): Point | undefined {
  let [x, y, weight] = [0, 0, 0];
  for (const { item, score } of shelf) {
    const row = sky.catalogue.rows.get(item);
    if (row === undefined || score <= 0) continue;
    const place = sky.place(row);
    [x, y, weight] = [x + score * place[0], y + score * place[1], weight + score];
  }
  return weight ? [x / weight, y / weight] : undefined;
}
