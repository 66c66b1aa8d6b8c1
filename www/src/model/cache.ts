// Copies of model files in the browser's Cache API, where there is one (it needs a secure context).

import { reach, within } from "../host/optional.js";

const NAME = "foldin";

/** The copy of a download that is under way. It counts once it is accepted, and until then leaves the last one be. */
export interface Copy {
  accept(): Promise<void>;
  reject(): Promise<void>;
}

/** Milliseconds that a load waits for the browser's cache. */
const PATIENCE = 1000;

/** Set when the cache did not answer: nobody waits for it again. */
let isSilent = false;

/** The cache; undefined where the browser has or gives none, or does not answer. */
async function openCache(): Promise<Cache | undefined> {
  if (isSilent) return undefined;
  const cache = await within(PATIENCE, reach(() => caches.open(NAME).catch(() => undefined)));
  isSilent = cache === undefined;
  return cache;
}

/** Whether there is a cache. */
export const hasCache = async (): Promise<boolean> => (await openCache()) !== undefined;

/** The last copy of the file that was accepted. */
export async function cachedCopy(url: URL): Promise<Response | undefined> {
  return within(PATIENCE, (await openCache())?.match(url).catch(() => undefined));
}

/** Starts to copy what a server answers. That the copy fails, for want of room say, is no reason to stop loading. */
export async function keepCopy(url: URL, response: Response): Promise<Copy | undefined> {
  const cache = await openCache();
  if (!cache) return undefined;
  const pending = new URL(url);
  pending.searchParams.set("foldin", "pending");
  const stored = cache.put(pending, response.clone()).then(
    () => true,
    () => false,
  );
  return {
    accept: async () => {
      const done = (await stored) && (await cache.match(pending));
      if (done) await cache.put(url, done).catch(() => {});
      await cache.delete(pending);
    },
    reject: async () => {
      // Nobody waits longer than that; the copy goes all the same, as soon as it is there.
      await within(PATIENCE, stored.then(() => cache.delete(pending)));
    },
  };
}

/** Whether the address names its content, as in `movies.3fa9c1d2.safetensors`: such a file never changes. */
export const isPinned = ({ pathname }: URL): boolean => /[.-][0-9a-f]{8,64}\.[a-z0-9]+$/i.test(pathname);

/** By what a server tells one version of a file from another. */
export const validator = ({ headers }: Response): string | null => headers.get("etag") ?? headers.get("last-modified");

/** Whether the server has another version than the copy. A server that cannot be reached, or does not tell, has not. */
export async function hasChanged(url: URL): Promise<boolean> {
  const copy = await cachedCopy(url);
  if (!copy) return false;
  try {
    const answer = await fetch(url, { method: "HEAD", cache: "no-store" });
    const current = validator(answer);
    return answer.ok && current !== null && current !== validator(copy);
  } catch {
    return false;
  }
}
