// Brings in the parts of a model behind its head. A chunk of its own.

import { closed, FoldinError } from "../../errors.js";
import { idle } from "../../host/idle.js";
import { Moments } from "../../host/task.js";
import { delivered, engineCall, type Opened, readModel, startEngine, tellHeader } from "../../model/engine.js";
import type { LoadOptions } from "../../types.js";
import { type PartList, readList } from "./list.js";
import { layOut, type Whole } from "./whole.js";

/** What the parts are brought to. */
export interface PartsHome {
  /** The head's address; empty, where its bytes were handed over. */
  url: string;
  /** How much is brought without being asked for. */
  amount: LoadOptions["parts"];
  /** Puts the whole model in the place of its head. */
  placed(whole: Opened): Promise<void>;
  /** Hears that the items of a part are there. */
  joined(part: number, whole: Opened): void;
  failed(error: Error): void;
}

/** Parts that are fetched at the same time: while one joins, another is on its way. */
const LANES = { idle: 2, all: 4 };

/** The parts of one model. */
export class Parts {
  readonly #head: Opened;
  readonly #home: PartsHome;
  readonly #list: PartList;
  readonly #stop = new AbortController();
  readonly #coming = new Map<number, Promise<void>>();
  /** Parts that did not come: what was in their place may be in the browser's own cache. */
  readonly #failed = new Set<number>();
  #whole: Promise<Whole> | undefined;
  #isComplete = false;

  /** Throws FoldinError `format` for a head whose list is none. */
  constructor(head: Opened, home: PartsHome) {
    this.#head = head;
    this.#home = home;
    this.#list = readList(head.header.metadata.parts ?? "", home.url || "model");
  }

  /** What is brought without being asked for. */
  get amount(): "head" | "idle" | "all" {
    const { connection } = (globalThis.navigator ?? {}) as { connection?: { saveData?: boolean } };
    return this.#home.amount ?? (connection?.saveData ? "head" : "idle");
  }

  /** Brings parts in as far as that is wanted; those that did not come are tried again when the network is back. */
  start(): void {
    const { amount } = this;
    if (amount === "head" || !this.#home.url) return;
    const bring = (parts: Iterable<number>): void =>
      void this.#bringAll(parts, LANES[amount], amount === "idle").catch(() => {});
    bring(this.#parts((part) => !this.#failed.has(part)));
    const again = (): void => bring([...this.#failed]);
    globalThis.addEventListener?.("online", again, { signal: this.#stop.signal });
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Brings all parts in that are missing; throws the first error, when all others are there. */
  async complete(): Promise<void> {
    if (!this.#home.url) {
      throw new FoldinError("unsupported", "the parts of a model that was handed over as bytes: load it from its address");
    }
    await this.#bringAll(this.#list.files.keys(), LANES.all, false);
  }

  /** Brings parts in, in their order, until `has` says so; none where they only come when all are asked for. */
  async reach(has: () => boolean): Promise<void> {
    if (this.amount === "head" || !this.#home.url || this.#isComplete || has()) return;
    const { missing } = await this.place();
    for (const part of [...missing.parts]) {
      // Another part may have the item.
      await this.#bring(part).catch(() => {});
      if (has()) return;
    }
  }

  /** The model with as much of it as is wanted: what takes another's place. On an error nothing of it stays. */
  async ready(): Promise<Opened> {
    if (this.amount === "head" || !this.#home.url) return this.#head;
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

  /** The whole model, in the place of its head. */
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
    await this.#home.placed(whole);
    return whole;
  }

  /** Parts in their order, those that are wanted when their turn comes. */
  *#parts(isWanted: (part: number) => boolean): Generator<number> {
    for (const part of this.#list.files.keys()) if (isWanted(part)) yield part;
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
      // The next who asks tries again; of all who ask now, one tells.
      if (this.#coming.get(part) === coming && this.#coming.delete(part) && !this.#stop.signal.aborted) {
        this.#failed.add(part);
        this.#home.failed(error as Error);
      }
      throw error;
    });
  }

  /** Fetches a part, `fresh` from the server, and joins it. */
  async #take(part: number, fresh: boolean): Promise<void> {
    const whole = await this.place();
    const { file, bytes, integrity } = this.#list.files[part] as PartList["files"][number];
    const { signal } = this.#stop;
    const url = new URL(file, this.#home.url).href;
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
        whole.catalog.missing = undefined;
      }
      this.#home.joined(part, whole);
      await kept;
    });
  }
}

/** Of all tabs one fetches at a time; the next finds the copy in the cache. */
async function inTurn(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const { locks } = (globalThis.navigator ?? {}) as { locks?: LockManager };
  if (!locks) return work();
  await locks.request(`foldin ${name}`, { signal }, work);
}
