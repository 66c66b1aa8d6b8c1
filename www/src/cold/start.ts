// The engine's end of what is asked while nobody is known yet; a chunk of its own, beside the module that has it all.

import { describe, engineCall, type FullOpened } from "../engine.js";
import { FoldinError, wrongValue } from "../errors.js";
import { rowOf } from "../find.js";
import type { Header } from "../model.js";
import type { Profile } from "../profile.js";
import type { OpenInput } from "../host.js";
import type { AddedItem, Item, NewItem } from "../types.js";
import type { Engine } from "../wasm/foldin_full.js";
import { weigh } from "../workshop.js";
import type { Belief, ColdQuestion, ItemChange, Kept, KeptChange } from "./question.js";

/** The most items that may be added: each of them makes the model anew. */
const MAX_ITEMS = 10_000;

/** Where the model and its visitor live. */
export interface ColdHome {
  /** Brings the model into the module with all that few pages ask for. */
  full(): Promise<unknown>;
  /** The model there, as it is now: whatever waits may find another one in its place. */
  opened(): FullOpened;
  /** Puts another one in its place. */
  settle(model: FullOpened): void;
  /** Hears which items are refused now. */
  changed(refused: AddedItem[]): void;
  /** What the host was opened with. */
  input(): OpenInput;
  /** What outlasts the page; undefined without a profile. */
  profile(): Profile | undefined;
}

/** Items that were added or removed, and what is believed of the visitor. */
export class ColdStart {
  readonly #home: ColdHome;
  /** By id, in the order of their coming. */
  readonly #items: Map<string, ItemChange>;
  /** Why the present model does not take an item, by id. */
  #refused = new Map<string, string>();
  belief: Belief | undefined;

  constructor(home: ColdHome, { items, belief }: Kept) {
    this.#home = home;
    this.#items = new Map(items.map((change) => [change.id, change]));
    this.belief = belief;
  }

  /**
   * Refuses a model that believes nothing of anybody, where that was asked for.
   *
   * @throws RangeError
   */
  check({ engine }: FullOpened): void {
    if (this.#home.input().prior) engineCall(() => engine.priorOfAnybody());
  }

  /** The model with the changes, and with what is believed, that the page made to the one before. */
  shape(model: FullOpened): FullOpened {
    this.#refused.clear();
    // What a newer model has by itself came with its training.
    const wanted = [...this.#items.values()].filter(({ id, gone, item }) => gone || (item && !has(model, id)));
    const shaped = this.#take(model, wanted);
    this.#believe(shaped.engine);
    return shaped;
  }

  /** Keeps all for the model of another address as well. */
  moved(address: string): void {
    void this.#home.profile()?.move(address, this.#items.values());
    this.#home.changed(this.#added(true));
  }

  /** Believes nothing any more of this visitor. */
  async erase(): Promise<void> {
    if (!this.belief) return;
    this.belief = undefined;
    await this.#home.full();
    this.#believe(this.#home.opened().engine);
  }

  async answer(question: ColdQuestion): Promise<unknown> {
    switch (question.name) {
      case "onboarding":
        return this.#onboarding(question.count);
      case "addItem":
        return this.#add(question.item);
      case "removeItem":
        return this.#remove(question.id);
      case "addedItems":
        return this.#added();
      case "believe":
        return this.#told(question.belief, question.rests);
    }
  }

  /** Does what another tab did. */
  async follow({ items = [], belief }: KeptChange): Promise<void> {
    await this.#home.full();
    const model = this.#home.opened();
    for (const change of items) this.#note(change);
    if (belief !== undefined) this.belief = belief ?? undefined;
    this.#settle(this.#take(model, items));
  }

  async #onboarding(count: number): Promise<Item[]> {
    await this.#home.full();
    const { engine, catalog } = this.#home.opened();
    return Array.from(
      engineCall(() => engine.onboarding(count)),
      (row) => catalog.item(row),
    );
  }

  async #add(item: NewItem): Promise<void> {
    await this.#home.full();
    const model = this.#home.opened();
    if (this.#items.size >= MAX_ITEMS) throw wrongValue("item", `at most ${MAX_ITEMS} added items`, "one more");
    const gone = this.#items.get(item.id)?.gone;
    const change: ItemChange = { id: item.id, item, ...(gone && { gone }) };
    const next = changed(model, [change]);
    this.#refused.delete(item.id);
    return this.#keep(next, change);
  }

  async #remove(id: string): Promise<void> {
    await this.#home.full();
    const model = this.#home.opened();
    const known = this.#items.get(id);
    // An item that rests is in no model; one that was added leaves the place as it was.
    const next = this.#refused.delete(id) ? model : changed(model, [{ id }], true);
    const isOwn = !known?.item || known.gone;
    return this.#keep(next, isOwn ? { id, gone: true } : { id });
  }

  async #keep(next: FullOpened, change: ItemChange): Promise<void> {
    this.#note(change);
    this.#settle(next);
    await this.#home.profile()?.keepItem(change);
  }

  /** Puts a changed model in the place of the present one. */
  #settle(next: FullOpened): void {
    const { weights } = this.#home.input();
    if (weights) weigh(next.engine, weights);
    this.#believe(next.engine);
    this.#home.settle(next);
    this.#home.changed(this.#added(true));
  }

  #note(change: ItemChange): void {
    const { id, gone, item } = change;
    if (gone || item) this.#items.set(id, change);
    else this.#items.delete(id);
  }

  #added(onlyRefused = false): AddedItem[] {
    const added = [...this.#items.values()].flatMap(({ item }) => item ?? []);
    const told = added.map(({ id, title }) => {
      const refused = this.#refused.get(id);
      return { id, ...(title !== undefined && { title }), ...(refused !== undefined && { refused }) };
    });
    return onlyRefused ? told.filter(({ refused }) => refused !== undefined) : told;
  }

  async #told(belief: Belief | undefined, rests = false): Promise<void> {
    await this.#home.full();
    const { engine } = this.#home.opened();
    const before = this.belief;
    this.belief = belief;
    try {
      believe(engine, belief, this.#home.input().prior);
    } catch (error) {
      if (!rests) {
        this.belief = before;
        throw error;
      }
    }
    const profile = this.#home.profile();
    await (belief ? profile?.keepBelief(belief) : profile?.removeBelief());
  }

  /** What an earlier model was told of the visitor, this one may have no place for: then it rests. */
  #believe(engine: Engine): void {
    try {
      believe(engine, this.belief, this.#home.input().prior);
    } catch (error) {
      rethrowTrap(error);
    }
  }

  /** Takes changes up, as one where all are taken; the others are refused one by one, and rest. */
  #take(model: FullOpened, changes: ItemChange[]): FullOpened {
    const wanted = changes.filter(({ id, item }) => item || has(model, id));
    if (wanted.length === 0) return model;
    try {
      return changed(model, wanted, true);
    } catch (error) {
      rethrowTrap(error);
      const [only] = wanted;
      if (only && wanted.length === 1) {
        this.#refused.set(only.id, (error as Error).message);
        return model;
      }
      // All or none: whichever is to blame lies in one of the halves.
      const half = Math.ceil(wanted.length / 2);
      const first = this.#take(model, wanted.slice(0, half));
      const both = this.#take(first, wanted.slice(half));
      if (both !== first && first !== model) first.engine.free();
      return both;
    }
  }
}

/** The model with changes; whose item has an id that is taken `replaces` it, or is refused. */
function changed(model: FullOpened, changes: ItemChange[], replaces = false): FullOpened {
  const { engine, wasm } = model;
  const gone = replaces ? changes.map(({ id }) => id).filter((id) => has(model, id)) : [];
  const items = changes.flatMap(({ item }) => item ?? []);
  // Removing what is not there is the engine's to refuse.
  const missing = changes.filter(({ id, item }) => !item && !gone.includes(id)).map(({ id }) => id);
  const next = engineCall(() => {
    const factors = items.map((item) => factorOf(model, item));
    return engine.changed(
      items.map(({ id }) => id),
      items.map(({ title = "" }) => title),
      items.map(({ features = {} }) => features),
      flat(factors),
      [...gone, ...missing],
    );
  });
  return describe(wasm, next, engineCall(() => next.header() as Header), next.pointer) as FullOpened;
}

function factorOf({ engine, info: { dim } }: FullOpened, { vector, features, embedding }: NewItem): Float32Array {
  if (!vector) return engine.factorOf(features, embedding);
  if (vector.length !== dim) throw wrongValue("item.vector", `${dim} numbers, as the model has`, `${vector.length}`);
  return vector;
}

function flat(vectors: Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.reduce((length, vector) => length + vector.length, 0));
  let at = 0;
  for (const vector of vectors) {
    all.set(vector, at);
    at += vector.length;
  }
  return all;
}

const has = (model: FullOpened, id: string): boolean => rowOf(model, id) !== undefined;

/** Tells the engine what is believed of the visitor. */
function believe(engine: Engine, belief: Belief | undefined, prior = false): void {
  engineCall(() => {
    if (belief) {
      engine.believe(
        "traits" in belief
          ? engine.priorOfTraits(belief.traits)
          : engine.priorOfTransfer(Float32Array.from(belief.transfer)),
      );
    } else if (prior) engine.believe(engine.priorOfAnybody());
    else engine.believe(new Float32Array());
  });
}

function rethrowTrap(error: unknown): void {
  if (error instanceof FoldinError && error.code === "trap") throw error;
}
