// What travels between the page and the worker: types alone, as each end is a script of its own.

import type { ErrorMessage } from "../errors.js";
import type { Host } from "./host.js";
import type { Notices, Progress, TrainingProgress } from "../types.js";

/**
 * From the page: a call under a number of its own, with progress if that is wanted and factors if it has some, the wish
 * to abort one, factors that a call pulled, or the question whether the worker lives.
 */
export type Request =
  | { id: number; method: keyof Host; input: unknown; progress: boolean; pulls: boolean }
  | { id: number; abort: true }
  | { id: number; chunk: Float32Array }
  | { ping: true };

/** From the worker: that it lives, a call's progress, the factors that it wants next, its end, or a notice. */
export type Answer =
  | { pong: true }
  | { id: number; pull: [from: number, to: number] }
  | { id: number; progress: Progress | TrainingProgress }
  | { id: number; value: unknown }
  | { id: number; error: ErrorMessage }
  | { notice: keyof Notices; value: object; error?: ErrorMessage };
