// How the parts of a model come in behind its head.

import { closed, FoldinError } from "../../errors.js";
import { idle } from "../../host/idle.js";
import { Moments } from "../../host/task.js";
import { delivered, engineCall, type Opened, readModel, startEngine, tellHeader } from "../../model/engine.js";
import type { LoadOptions } from "../../types.js";
import { type PartList, readList } from "./list.js";
import { layOut, settle, type Whole } from "./whole.js";

/** Where the parts come from, and who hears of them. */
export interface Destination {
  /** The head's address; empty, where its bytes were handed over. */
  url: string;
  /** How much comes without being asked for. */
  amount: LoadOptions["parts"];
  /** Puts the whole model in the place of its head. */
  placed(whole: Opened): Promise<void>;
  /** Hears that the items of a part are there. */
  joined(part: number, whole: Opened): void;
  failed(error: Error): void;
}

/** Parts that are fetched at the same time: while one joins, another is on its way. */
const LANES = { idle: 2, all: 4 };

/** The arrival of one model. */
export class Arrival {
  readonly #head: Opened;
  readonly #to: Destination;
  readonly #list: PartList;
  readonly #stop = new AbortController();
  readonly #coming = new Map<number, Promise<void>>();
  /** Parts that did not come. They are fetched past the browser's own cache, which may have what came instead. */
  readonly #failed = new Set<number>();
  #whole: Promise<Whole> | undefined;
  #isComplete = false;

  /** Throws FoldinError `format` for a head whose list is none. */
  constructor(head: Opened, to: Destination) {
    this.#head = head;
    this.#to = to;
    this.#list = readList(head.header.metadata.parts ?? "", to.url || "model");
  }

  /** How much comes without being asked for. */
  get amount(): "head" | "idle" | "all" {
    const { connection } = (globalThis.navigator ?? {}) as { connection?: { saveData?: boolean } };
    return this.#to.amount ?? (connection?.saveData ? "head" : "idle");
  }

  /** Brings parts in as far as that is wanted; those that did not come are tried again when the network is back. */
  start(): void {
    const { amount } = this;
    if (amount === "head" || !this.#to.url) return;
    const bring = (parts: Iterable<number>): void =>
      void this.#bringAll(parts, LANES[amount], amount === "idle").catch(() => {});
    bring(this.#untried());
    const again = (): void => bring([...this.#failed]);
    globalThis.addEventListener?.("online", again, { signal: this.#stop.signal });
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Brings all parts in that are missing; throws the first error, when all others are there. */
  async complete(): Promise<void> {
    if (!this.#to.url) {
      throw new FoldinError("unsupported", "the parts of a model that was handed over as bytes: load it from its address");
    }
    await this.#bringAll(this.#list.files.keys(), LANES.all, false);
  }

  /** Brings parts in, in their order, until `has` is true; none where only `complete` may bring some. */
  async reach(has: () => boolean): Promise<void> {
    if (this.amount === "head" || !this.#to.url || this.#isComplete || has()) return;
    const { missing } = await this.place();
    for (const part of [...missing.parts]) {
      // Another part may have the item.
      await this.#bring(part).catch(() => {});
      if (has()) return;
    }
  }

  /** The model with as much of it as is wanted, ready to take another's place. On an error nothing of it stays in memory. */
  async ready(): Promise<Opened> {
    if (this.amount === "head" || !this.#to.url) return this.#head;
    try {
      await this.complete();
      const whole = await this.place();
      this.#head.engine.free();
      return whole;
    } catch (error) {
      this.stop();
      this.#head.engine.free();
      void this.#whole?.then(({ engine }) => engine.free(), () => {});
      throw error;
    }
  }

  /** Puts the whole model in the place of its head, once. */
  place(): Promise<Whole> {
    this.#whole ??= this.#place().catch((error: unknown) => {
      this.#whole = undefined;
      throw error;
    });
    return this.#whole;
  }

  async #place(): Promise<Whole> {
    const whole = await layOut(this.#head, this.#list, await startEngine());
    if (this.#stop.signal.aborted) {
      whole.engine.free();
      throw closed();
    }
    await this.#to.placed(whole);
    return whole;
  }

  /** Parts in their order, but for those that have failed before their turn. */
  *#untried(): Generator<number> {
    for (const part of this.#list.files.keys()) if (!this.#failed.has(part)) yield part;
  }

  async #bringAll(parts: Iterable<number>, lanes: number, whenIdle: boolean): Promise<void> {
    let first: unknown;
    const turns = parts[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (let turn = turns.next(); !turn.done; turn = turns.next()) {
        const part = turn.value;
        if (whenIdle) await idle();
        if (this.#stop.signal.aborted) return;
        await this.#bring(part).catch((error: unknown) => (first ??= error));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    if (first) throw first;
  }

  /** Brings a part in, once for all who ask. */
  #bring(part: number): Promise<void> {
    const coming = this.#coming.get(part) ?? this.#take(part, this.#failed.delete(part));
    this.#coming.set(part, coming);
    return coming.catch((error: unknown) => {
      // Who asks next tries again; of those who ask now, one tells.
      if (this.#coming.get(part) === coming && this.#coming.delete(part) && !this.#stop.signal.aborted) {
        this.#failed.add(part);
        this.#to.failed(error as Error);
      }
      throw error;
    });
  }

  /** Fetches a part, `fresh` from the server, and joins it. */
  async #take(part: number, fresh: boolean): Promise<void> {
    const whole = await this.place();
    const { file, bytes, integrity } = this.#list.files[part] as PartList["files"][number];
    const { signal } = this.#stop;
    const url = new URL(file, this.#to.url).href;
    // Elsewhere than on a secure page nothing can be hashed; the engine checks what a part says all the same.
    const demands = { maxBytes: bytes, ...(globalThis.crypto?.subtle && { integrity }) };
    const memory = await startEngine();
    await inTurn(url, signal, async () => {
      const { kept } = await delivered({ url, ...demands }, { signal }, fresh, async (source) => {
        const { header, buffer } = await readModel(source, memory, demands, { signal });
        await new Moments().next();
        if (signal.aborted) {
          buffer.free();
          throw closed();
        }
        engineCall(() => whole.engine.arrive(part, tellHeader(header), buffer));
      });
      whole.missing.arrived(part);
      if (whole.missing.parts.size === 0) {
        this.#isComplete = true;
        settle(whole.catalog);
      }
      this.#to.joined(part, whole);
      await kept;
    });
  }
}

/** One tab at a time does the work; the next finds the copy in the cache. */
async function inTurn(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: LockManager };
  if (!locks) return work();
  await locks.request(`foldin ${name}`, { signal }, work);
}
