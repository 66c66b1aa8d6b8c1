// Items that a page adds to a model or removes. A chunk of its own.

import { engineCall, type Opened, typed } from "../model/engine.js";
import { wrongValue } from "../errors.js";
import type { InWords } from "../lazy/words.js";
import type { ItemChange } from "../visitor/kept.js";
import { askLab } from "../lazy/lab.js";
import type { Profile } from "../visitor/profile.js";
import type { AddedItem, NewItem } from "../types.js";
import type { Visitor } from "../visitor/visitor.js";
import { NewItem as Arrival } from "../wasm/foldin.js";

/** The most items that may be added. */
const MAX_ITEMS = 10_000;

/** What the changes are made to. */
export interface Shop {
  /** The model as it is now: whatever waits may find another one in its place. */
  opened(): Opened;
  visitor: Visitor;
  /** What knows what words mean. */
  words(): Promise<InWords>;
  /** Hears that other items are there, or refused. */
  changed(): void;
}

/** An item with its factor, or with the reason why the model has none for it. */
type Prepared = ItemChange & { factor?: Float32Array; refused?: Error };

/** Items that were added or removed. */
export class Arrivals {
  readonly #shop: Shop;
  /** By id, in the order of their coming. */
  readonly #items = new Map<string, ItemChange>();
  /** Why the present model does not take an item, by id. */
  readonly #refused = new Map<string, string>();

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  /** Prepares all changes for a model that will take the present one's place; the call that comes back makes them at once. */
  async prepare(opened: Opened): Promise<() => void> {
    // What a newer model has by itself came with its training.
    const wanted = [...this.#items.values()].filter(({ id, gone, item }) => gone || (item && !opened.engine.has(id)));
    const prepared = await this.#prepare(() => opened, wanted);
    return () => {
      this.#refused.clear();
      for (const change of prepared) this.#make(opened, change);
    };
  }

  /** Keeps all for the model of another address as well. */
  moved(address: string): void {
    void this.#profile?.move(address, this.#items.values());
    this.#shop.changed();
  }

  /** Keeps all in a profile that was opened just now. */
  async keep(): Promise<void> {
    await Promise.all([...this.#items.values()].map((change) => this.#profile?.keepItem(change)));
  }

  async add(item: NewItem): Promise<void> {
    if (this.#items.size >= MAX_ITEMS) throw wrongValue("item", `at most ${MAX_ITEMS} added items`, "one more");
    const [prepared] = await this.#prepare(this.#shop.opened, [{ id: item.id, item }]);
    const { factor, refused } = prepared as Prepared;
    if (!factor) throw refused;
    add(this.#shop.opened(), item, factor, false);
    const gone = this.#items.get(item.id)?.gone;
    this.#refused.delete(item.id);
    await this.#keep({ id: item.id, item, ...(gone && { gone }) });
  }

  async remove(id: string): Promise<void> {
    const known = this.#items.get(id);
    // An item that is refused is in no model; one that was added leaves the place as it was.
    if (!this.#refused.delete(id)) this.#remove(this.#shop.opened(), id);
    const isOwn = !known?.item || known.gone;
    await this.#keep(isOwn ? { id, gone: true } : { id });
  }

  /** The items that were added, oldest first. */
  added(): AddedItem[] {
    const added = [...this.#items.values()].flatMap(({ item }) => item ?? []);
    return added.map(({ id, title }) => {
      const refused = this.#refused.get(id);
      return { id, ...(title !== undefined && { title }), ...(refused !== undefined && { refused }) };
    });
  }

  /** Does what another tab did, or what a profile kept, which comes first. */
  async follow(items: ItemChange[]): Promise<void> {
    if (this.#items.size === 0) {
      await this.#open(items);
    } else {
      for (const change of await this.#prepare(this.#shop.opened, items)) {
        this.#note(change);
        this.#make(this.#shop.opened(), change);
      }
    }
    this.#shop.visitor.wake();
    this.#shop.changed();
  }

  async #open(items: ItemChange[]): Promise<void> {
    for (const change of items) this.#note(change);
    (await this.prepare(this.#shop.opened()))();
  }

  async #keep(change: ItemChange): Promise<void> {
    this.#note(change);
    this.#shop.visitor.wake();
    this.#shop.changed();
    await this.#profile?.keepItem(change);
  }

  /** Makes a change that was noted; an item that the model does not take waits for one that does. */
  #make(opened: Opened, { id, item, factor, refused }: Prepared): void {
    try {
      if (!item) return opened.engine.has(id) ? this.#remove(opened, id) : undefined;
      if (!factor) throw refused;
      this.#shop.visitor.rest(id);
      add(opened, item, factor, true);
    } catch (error) {
      if ((error as { code?: string }).code === "trap") throw error;
      this.#refused.set(id, (error as Error).message);
    }
  }

  #remove(opened: Opened, id: string): void {
    const row = engineCall(() => opened.engine.find(id));
    this.#shop.visitor.rest(id);
    engineCall(() => opened.engine.remove(id));
    opened.catalog.remove(row);
  }

  #note({ id, gone, item }: ItemChange): void {
    if (gone || item) this.#items.set(id, { id, ...(gone && { gone }), ...(item && { item }) });
    else this.#items.delete(id);
  }

  /** The items that the present model does not take. */
  get refused(): AddedItem[] {
    return this.added().filter(({ refused }) => refused !== undefined);
  }

  /** Makes the factors of the items that come without one: by their words, or by their features. */
  async #prepare(opened: () => Opened, changes: ItemChange[]): Promise<Prepared[]> {
    const told = changes.filter(({ item }) => item && isTold(item));
    const others = changes.filter((change) => !told.includes(change));
    const made = [...(await prepare(opened, others)), ...(await prepareTold(opened, told, this.#shop.words))];
    const byId = new Map(made.map((change) => [change.id, change]));
    return changes.map(({ id }) => byId.get(id) as Prepared);
  }

  get #profile(): Profile | undefined {
    return this.#shop.visitor.profile;
  }
}

/** Whether an item's words decide. */
const isTold = ({ vector, features, description }: NewItem): boolean => !vector && (description !== undefined || !features);

/** Makes the factors of the items whose features decide, all in one visit to the lab. */
async function prepare(opened: () => Opened, changes: ItemChange[]): Promise<Prepared[]> {
  if (changes.every(({ item }) => !item || item.vector)) return changes.map((change) => withFactor(change));
  return askLab(opened, ["content."], (part) =>
    changes.map((change) =>
      withFactor(change, ({ features, embedding }) => part.factorOf(features, embedding)),
    ),
  );
}

/** Makes the factors of the items whose words decide. */
async function prepareTold(
  opened: () => Opened,
  changes: ItemChange[],
  words: () => Promise<InWords>,
): Promise<Prepared[]> {
  if (changes.length === 0) return [];
  try {
    const factors = await (await words()).factors(opened, changes.map(({ item }) => item as NewItem));
    return changes.map((change, at) => {
      const made = factors[at] as Float32Array | Error;
      return { ...change, ...(made instanceof Error ? { refused: made } : { factor: made }) };
    });
  } catch (error) {
    return changes.map((change) => ({ ...change, refused: error as Error }));
  }
}

function withFactor(change: ItemChange, make?: (item: NewItem) => Float32Array): Prepared {
  const { item } = change;
  if (!item) return change;
  try {
    return { ...change, factor: item.vector ?? (make as typeof make & object)(item) };
  } catch (thrown) {
    return { ...change, refused: typed(thrown) as Error };
  }
}

/** Adds an item to a model; one of the same id goes where it `replaces` it, and is an error else. */
function add({ engine, catalog }: Opened, item: NewItem, factor: Float32Array, replaces: boolean): void {
  const arrival = new Arrival(item.id, item.title, factor);
  for (const [column, value] of Object.entries(item.features ?? {})) {
    if (typeof value === "number") arrival.number(column, value);
    else if (value !== null) arrival.tags(column, [value].flat());
  }
  try {
    const replaced = replaces && engine.has(item.id) ? engine.find(item.id) : undefined;
    const row = engineCall(() => engine.add(arrival, replaces));
    if (replaced !== undefined) catalog.remove(replaced);
    catalog.add(row, item);
  } finally {
    arrival.free();
  }
}
