// What a profile keeps besides events, as it crosses to a worker and into the browser's database.

import type { NewItem, Traits } from "../types.js";

/** An item that was added or removed. */
export interface ItemChange {
  id: string;
  /** Set where the model's own item of this id is gone. */
  gone?: true;
  /** Set where one was added. */
  item?: NewItem;
}

/** What is believed of the visitor before the first event, as they or another model told it. */
export type Belief = { traits: Traits } | { transfer: number[] } | { text: string };

/** A change of what a profile keeps besides events. An item that is neither gone nor added is as the model has it; null believes nothing. */
export interface KeptChange {
  items?: ItemChange[];
  belief?: Belief | null;
}
