// What to ask a new visitor. A chunk of its own.

import { engineCall, type Opened } from "../model/engine.js";
import { askLab } from "./lab.js";
import type { Item } from "../types.js";

/** The tensors that the lab opens a model by, without ids and catalogue. */
const TENSORS = ["item_factors", "item_scales", "item_biases", "item_counts", "onboarding."];

export async function onboarding(opened: () => Opened, count: number): Promise<Item[]> {
  const answered = (): Uint32Array => {
    const { engine } = opened();
    const rows = engineCall(() => engine.events()).filter((_, at) => at % 4 === 0);
    return Uint32Array.from(new Set(rows));
  };
  const removed = (): Uint32Array => opened().catalog.removed();
  const rows = await askLab(opened, TENSORS, (part) => part.onboarding(answered(), removed(), count));
  const { catalog } = opened();
  return Array.from(rows, (row) => catalog.item(row));
}
