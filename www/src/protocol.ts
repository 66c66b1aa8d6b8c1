// What travels between the page and the worker.

import { type ErrorMessage, packError, unpackError } from "./errors.js";
import type { Host, Notify } from "./host.js";
import type { Notices, Progress, TrainingProgress } from "./types.js";

/** From the page: a call under a number of its own, with progress if that is wanted, or the wish to abort one. */
export type Request =
  { id: number; method: keyof Host; input: unknown; progress: boolean } | { id: number; abort: true };

/** From the worker: a call's progress, its end, or a notice. */
export type Answer =
  | { id: number; progress: Progress | TrainingProgress }
  | { id: number; value: unknown }
  | { id: number; error: ErrorMessage }
  | { notice: keyof Notices; value: object; error?: ErrorMessage };

/** Packs a notice, and the error in it, for the journey. */
export const packNotice = <T extends keyof Notices>(notice: T, value: Notices[T]): Answer => {
  const { error, ...rest } = value as { error?: Error };
  return { notice, value: rest, ...(error && { error: packError(error) }) };
};

/** Hands a packed notice on. */
export function deliverNotice({ notice, value, error }: Extract<Answer, { notice: unknown }>, notify: Notify): void {
  notify(notice, { ...value, ...(error && { error: unpackError(error) }) } as Notices[typeof notice]);
}
