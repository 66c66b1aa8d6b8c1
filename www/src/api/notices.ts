import type { Notices } from "../types.js";

type Listener = (notice: Notices[keyof Notices]) => void;

/** Who wants to be told what. */
export class NoticeBoard {
  readonly #listeners = new Map<keyof Notices, Set<Listener>>();

  /** What listeners to come are told as well: most of it comes while a model loads. */
  readonly #missing: Notices["missing"][] = [];

  readonly notify = <T extends keyof Notices>(type: T, notice: Notices[T]): void => {
    if (type === "missing") this.#missing.push(notice as Notices["missing"]);
    for (const listener of this.#listeners.get(type) ?? []) listener(notice);
  };

  /** Starts to tell; what comes back stops it. */
  on<T extends keyof Notices>(type: T, listener: (notice: Notices[T]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener as Listener));
    if (type === "missing") for (const notice of this.#missing) listener(notice as Notices[T]);
    return () => listeners.delete(listener as Listener);
  }
}
