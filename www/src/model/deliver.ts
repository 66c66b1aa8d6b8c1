import { openDelivery, type Delivery, type ModelFile } from "./download.js";
import type { ByteSource } from "./bytes.js";
import { FoldinError } from "../errors.js";
import type { Hooks } from "./model.js";

/** What became of a file, where it came from, and when its copy is in the browser's cache. */
export interface Delivered<T> {
  value: T;
  from: Delivery["from"];
  kept: Promise<void> | undefined;
}

/**
 * Gets a model file for `use`. A copy in the cache that is no good is replaced by the server's file; with `fresh` set
 * it is not looked at.
 */
export async function delivered<T>(
  file: ModelFile,
  hooks: Hooks,
  fresh: boolean,
  use: (source: ByteSource) => Promise<T>,
): Promise<Delivered<T>> {
  const { source, from, copy, stop } = await openDelivery(file, hooks, fresh);
  try {
    const value = await use(source);
    return { value, from, kept: copy?.accept() };
  } catch (error) {
    stop?.();
    await copy?.reject();
    // A copy may be from another version of foldin, or damaged: the server's file decides.
    if (from === "cache" && isBad(error)) return delivered(file, hooks, true, use);
    throw error;
  }
}

const isBad = (error: unknown): boolean =>
  error instanceof FoldinError && ["format", "version", "integrity"].includes(error.code);
