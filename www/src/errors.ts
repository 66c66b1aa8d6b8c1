/**
 * What kind of trouble a {@link FoldinError} reports. It is stable: test for it rather than for the message.
 *
 * - `network`: the model, the wasm or a script could not be fetched
 * - `format`, `version`: the file is not a model (or profile, or list), not a whole one, or of another format version
 * - `unknown-item`: no item has this id
 * - `integrity`: the file's SHA-256 is not the one that was demanded
 * - `aborted`: the signal that was passed in aborted
 * - `out-of-memory`: the model does not fit
 * - `storage`: the browser refused to erase events; it is tried again while the page is open
 * - `unsupported`: this environment lacks something, such as Web Workers, or the model does, such as traits
 * - `closed`: the recommender was closed
 * - `trap`: the engine broke down; load again
 * - `crashed`: the worker died, or has not answered for too long; load again
 *
 * @example
 * ```ts
 * const retryable = (code: ErrorCode) => code === "network" || code === "trap";
 * ```
 */
export type ErrorCode =
  | "network"
  | "integrity"
  | "format"
  | "version"
  | "unknown-item"
  | "aborted"
  | "out-of-memory"
  | "storage"
  | "unsupported"
  | "closed"
  | "trap"
  | "crashed";

/**
 * Anything that goes wrong besides wrong arguments. Those throw a `TypeError` (wrong type) or a `RangeError`
 * (wrong value) whose `field` names the argument.
 *
 * @example
 * ```ts
 * try {
 *   await shop.similar("no-such-id");
 * } catch (error) {
 *   if (error instanceof FoldinError && error.code === "unknown-item") console.warn(error.message);
 *   else throw error;
 * }
 * ```
 */
export class FoldinError extends Error {
  override readonly name = "FoldinError";
  /** The kind of trouble. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(clipped(message), options);
    this.code = code;
  }
}

/**
 * A TypeError or RangeError about one argument.
 *
 * @example
 * ```ts
 * await shop.recommend({ count: -1 }).catch(({ field }: ArgumentError) => console.warn(field)); // options.count
 * ```
 */
export type ArgumentError = (TypeError | RangeError) & { field: string };

/** At most 300 letters: what was found may be as long as a file. */
const clipped = (message: string): string =>
  message.length > 300 ? `${message.slice(0, 149)}…${message.slice(-150)}` : message;

/** An argument of the wrong type. */
export const wrongType = (field: string, expected: string, found: string): ArgumentError =>
  Object.assign(new TypeError(clipped(`${field}: expected ${expected}, found ${found}`)), { field });

/** An argument of the right type with a wrong value. */
export const wrongValue = (field: string, expected: string, found: string): ArgumentError =>
  Object.assign(new RangeError(clipped(`${field}: expected ${expected}, found ${found}`)), { field });

/** What a call comes to whose signal aborts. */
export const aborted = (): FoldinError => new FoldinError("aborted", "aborted; all is as it was");

/** What all calls come to after `close`. */
export const closed = (): FoldinError =>
  new FoldinError("closed", "this recommender was closed; load another one");

/** An error as it travels from the worker: structured clones lose both class and fields. */
export interface ErrorMessage {
  name: string;
  message: string;
  code?: ErrorCode;
  field?: string;
  cause?: string;
}

/** Packs an error for the journey. */
export function packError(error: Error & { code?: ErrorCode; field?: string }): ErrorMessage {
  const { name, message, code, field, cause } = error;
  return {
    name,
    message,
    ...(code && { code }),
    ...(field && { field }),
    ...(cause !== undefined && { cause: String(cause) }),
  };
}

/** Unpacks what {@link packError} packed. */
export function unpackError({ name, message, code, field, cause }: ErrorMessage): Error {
  if (code) return new FoldinError(code, message, cause === undefined ? {} : { cause });
  const Class = name === "TypeError" ? TypeError : name === "RangeError" ? RangeError : Error;
  return Object.assign(new Class(message), field && { field });
}
