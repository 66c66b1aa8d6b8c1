import { FoldinError } from "../errors.js";
import type { Notices } from "../types.js";
import type { Notify } from "./host.js";

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
      const again = import(/* @vite-ignore */ /* webpackIgnore: true */ `${address}?again=${Date.now()}`).catch(() => {});
      const part = await again;
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
