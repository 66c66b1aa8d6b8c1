import type { Notices } from "../types.js";

type Listener = (notice: Notices[keyof Notices]) => void;

/** Who wants to be told what. */
export class NoticeBoard {
  readonly #listeners = new Map<keyof Notices, Set<Listener>>();

  readonly notify = <T extends keyof Notices>(type: T, notice: Notices[T]): void => {
    for (const listener of this.#listeners.get(type) ?? []) listener(notice);
  };

  /** Starts to tell; what comes back stops it. */
  on<T extends keyof Notices>(type: T, listener: (notice: Notices[T]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener as Listener));
    return () => listeners.delete(listener as Listener);
  }
}
