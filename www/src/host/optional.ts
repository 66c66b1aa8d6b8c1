// What may not be there: things of the browser's that nothing depends on, and parts of the package on their way.

import { FoldinError } from "../errors.js";
import type { Notices } from "../types.js";
import type { Notify } from "./host.js";

/** Touches something of the browser's; undefined where it is not there or throws, as in a sandboxed frame. */
export function reach<T>(touch: () => T): T | undefined {
  try {
    return touch();
  } catch {
    return undefined;
  }
}

/** What a promise comes to; undefined where that takes longer than so many milliseconds. */
export async function within<T>(milliseconds: number, promise: Promise<T> | undefined): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, milliseconds, undefined)));
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** Addresses of parts that did not come. */
const failed = new Set<string>();

/** Fetches a part of the package when something asks for it. One that did not come is fetched anew the next time. */
export async function fetched<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    // Chromium and Firefox tell the address. A browser may keep a failure under it for as long as the page lives.
    const address = /https?:\S+/.exec(String(cause))?.[0];
    if (address && failed.has(address)) {
      const again = import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ `${address}?again=${Date.now()}`);
      const part = await again.catch(() => {});
      if (part) return part as T;
    }
    if (address) failed.add(address);
    const message = `a part of foldin did not load: ${String(cause)}; check the connection, then try again`;
    throw new FoldinError("network", message, { cause });
  }
}

/** Tells of something that the browser lacks. */
export async function tellMissing(what: Notices["missing"]["what"], notify: Notify): Promise<void> {
  const { missing } = await fetched(() => import("./missing.js"));
  notify("missing", missing(what));
}
