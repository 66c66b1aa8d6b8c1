// What travels between the page and the worker.

import type { ErrorMessage } from "./errors.js";
import type { Host } from "./host.js";
import type { Progress } from "./types.js";

/** The host's questions, by name. */
export const METHODS = [
  "open",
  "record",
  "forget",
  "events",
  "recommend",
  "similar",
  "rank",
  "search",
  "item",
  "vector",
  "close",
] as const satisfies (keyof Host)[];

/** From the page: a call under a number of its own, or the wish to abort one. */
export type Request = { id: number; method: keyof Host; input: unknown } | { id: number; abort: true };

/** From the worker: a call's progress, its end, or a change of where events are stored. */
export type Answer =
  | { id: number; progress: Progress }
  | { id: number; value: unknown }
  | { id: number; error: ErrorMessage }
  | { persistent: boolean; error?: ErrorMessage };
