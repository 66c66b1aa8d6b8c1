// One recommender for all who ask for the same one: shelves of a page, and hooks of the same model.

import { Recommender } from "../api/recommender.js";
import { wrongType } from "../errors.js";
import { resolve } from "../model/files.js";
import type { LoadOptions } from "../types.js";

/** Milliseconds that a recommender outlives the last who had it: what leaves a page often comes back, or another comes. */
const LINGER = 500;

/** Failures after which a recommender answers nothing any more. */
const FATAL = ["crashed", "trap", "closed"];

interface Shared {
  recommender: Promise<Recommender>;
  /** Ends the loading. */
  end: AbortController;
  users: number;
}

const all = new Map<string, Shared>();

/** A recommender that others may have too. */
export interface Loan {
  recommender: Promise<Recommender>;
  /** Says that it is no longer needed. The last to say so closes it, or ends its loading. */
  giveBack(): void;
}

/** A model's address, or a recommender that its owner closes. */
export type Source = string | URL | Recommender;

/**
 * How to load a recommender that others share: as {@link LoadOptions} say, but in a worker unless `worker` is false.
 *
 * @example
 * ```ts
 * const options: SharedOptions = { profile: "default", placements: "/shop.json" };
 * ```
 */
export type SharedOptions = Omit<LoadOptions, "signal">;

/** Tells what is asked for apart, as it was written. Of functions in the options those that came first are called. */
export function keyOf(source: Source, options: SharedOptions = {}): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return JSON.stringify([String(source), given.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The recommender of that address and those options: loaded, unless somebody has it already. Or one that its owner closes. */
export function borrow(source: Source, options: SharedOptions = {}): Loan {
  if (source instanceof Recommender) return { recommender: Promise.resolve(source), giveBack: () => {} };
  if (!source || !(typeof source === "string" || source instanceof URL)) {
    throw wrongType("src", "a model's address", source === "" ? "nothing" : typeof source);
  }
  const address = resolve(source);
  const wanted = { worker: true, ...options };
  const name = keyOf(address, wanted);
  const shared = all.get(name) ?? load(name, address, wanted);
  shared.users++;
  let given = false;
  const giveBack = (): void => {
    if (given) return;
    given = true;
    if (--shared.users === 0) setTimeout(() => shared.users === 0 && close(name, shared), LINGER);
  };
  return { recommender: shared.recommender, giveBack };
}

function load(name: string, source: URL, options: SharedOptions): Shared {
  const end = new AbortController();
  const recommender = Recommender.load(source, { ...options, signal: end.signal });
  const shared = { recommender, end, users: 0 };
  all.set(name, shared);
  // Whoever asks after a failure has it loaded anew.
  recommender.then(
    (loaded) => loaded.on("error", ({ code }: Error & { code?: string }) => FATAL.includes(String(code)) && forget(name, shared)),
    () => forget(name, shared),
  );
  return shared;
}

function forget(name: string, shared: Shared): void {
  if (all.get(name) === shared) all.delete(name);
}

function close(name: string, shared: Shared): void {
  forget(name, shared);
  shared.end.abort();
  shared.recommender.then((recommender) => recommender.close()).catch(() => {});
}
