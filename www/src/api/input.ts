// What callers hand in, as it goes to the host.

import type { ModelInput } from "../model/engine.js";
import { wrongType } from "../errors.js";
import { resolve } from "../model/files.js";
import type { Demands, Hooks } from "../model/model.js";
import type { FileOptions } from "../types.js";

/** A file that a caller named or has. */
export function fileInput(source: unknown, options: FileOptions): ModelInput {
  const demands = demandsOf(options);
  if (typeof source === "string" || source instanceof URL) return { url: resolve(source).href, ...demands };
  if (source instanceof Uint8Array) return { bytes: source, ...demands };
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source), ...demands };
  throw wrongType("source", "an address, a Uint8Array or an ArrayBuffer", typeof source);
}

/** What tells one model from another where its file's name does: `movies.3fa9c1d2.safetensors`. */
export function versionOf(model: ModelInput): string {
  const url = "url" in model ? model.url : "";
  return /[.-]([0-9a-f]{8,64})\.[a-z0-9]+$/i.exec(url)?.[1] ?? "";
}

/** What a caller demands of it. */
export const demandsOf = ({ integrity, maxBytes }: FileOptions): Demands => ({ integrity, maxBytes });

/** With fields that may be there without a value. */
type Given<T> = { [Name in keyof T]?: T[Name] | undefined };

/** What a caller wants to hear and to stop. */
export const hooksOf = <P>({ signal, onProgress, pull }: Given<Hooks<P>>): Hooks<P> => ({
  ...(signal && { signal }),
  ...(onProgress && { onProgress }),
  ...(pull && { pull }),
});
