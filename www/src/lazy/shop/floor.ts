// Placements: named questions, with the rules that hold today, and what became of them. A chunk of its own.

import type { Recommender } from "../../api/recommender.js";
import { wrongValue } from "../../errors.js";
import type { PlacementCount, RecommendOptions, Shelf, ShopPlan, VisitorEvent } from "../../types.js";
import { merged } from "./merge.js";
import { readPlan } from "./plan.js";

/** What a page asks for: a placement, or one with more said, or a question of its own. */
export type Asked = string | (RecommendOptions & { placement?: string });

/** Hears of every shelf, and of every event that names one. */
export interface Told {
  shelf: (shelf: Shelf) => void;
  credit: (credit: { placement: string; event: VisitorEvent }) => void;
}

export class Floor {
  readonly #shop: Recommender;
  readonly #plan: ShopPlan;
  readonly #told: Told;
  readonly #counts: Record<string, PlacementCount> = {};

  private constructor(shop: Recommender, plan: ShopPlan, told: Told) {
    this.#shop = shop;
    this.#plan = plan;
    this.#told = told;
  }

  static async open(shop: Recommender, plan: ShopPlan | string | URL | undefined, told: Told): Promise<Floor> {
    return new Floor(shop, await readPlan(plan ?? {}), told);
  }

  /** What a placement asks at this time. */
  questionOf(asked: Asked): { placement: string; options: RecommendOptions } {
    const { placement = "", ...own } = typeof asked === "string" ? { placement: asked } : asked;
    const { placements = {}, rules = [] } = this.#plan;
    const preset = Object.hasOwn(placements, placement) ? placements[placement] : undefined;
    if (placement && !preset) {
      throw wrongValue("placement", `one of ${Object.keys(placements).join(", ") || "none: load with `placements`"}`, placement);
    }
    const now = Date.now();
    const holds = ({ placement: of, from, until }: (typeof rules)[number]): boolean =>
      (of === undefined || of === placement) &&
      (from === undefined || Date.parse(from) <= now) &&
      (until === undefined || now < Date.parse(until));
    const options = rules.filter(holds).map(({ placement: _, from: __, until: ___, note: ____, ...rule }) => rule);
    return { placement, options: [preset ?? {}, own, ...options].reduce(merged, {}) };
  }

  /** The shelf of a placement. */
  async shelf(asked: Asked, without: string[] = []): Promise<Shelf> {
    const { placement, options } = this.questionOf(asked);
    const items = await this.#shop.recommend(without.length ? merged(options, { exclude: without }) : options);
    const shelf = { id: `${placement}.${Math.random().toString(36).slice(2, 10)}`, placement, items };
    const count = this.#count(placement);
    count.shelves++;
    count.shown += items.length;
    this.#told.shelf(shelf);
    return shelf;
  }

  /** Several shelves of one page, in their order; no item stands on two. */
  async many(asked: Asked[]): Promise<Shelf[]> {
    const shelves: Shelf[] = [];
    for (const one of asked) {
      const before = shelves.flatMap(({ items }) => items.map(({ item }) => item));
      shelves.push(await this.shelf(one, before));
    }
    return shelves;
  }

  /** Credits events to the placements that they name. */
  credit(events: VisitorEvent[]): void {
    for (const event of events) {
      if (event.shelf === undefined) continue;
      const placement = event.shelf.slice(0, Math.max(0, event.shelf.lastIndexOf(".")));
      const count = this.#count(placement);
      count.events[event.event] = (count.events[event.event] ?? 0) + 1;
      if (event.event === "purchase") count.revenue += (event.price ?? 0) * (event.quantity ?? 1);
      this.#told.credit({ placement, event });
    }
  }

  counts(): Record<string, PlacementCount> {
    return structuredClone(this.#counts);
  }

  #count(placement: string): PlacementCount {
    return (this.#counts[placement] ??= { shelves: 0, shown: 0, events: {}, revenue: 0 });
  }
}
