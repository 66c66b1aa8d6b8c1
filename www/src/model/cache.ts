// Copies of model files in the browser's Cache API, where there is one (it needs a secure context).

const NAME = "foldin";

/** The copy of a download that is under way. It counts once it is accepted, and until then leaves the last one be. */
export interface Copy {
  accept(): Promise<void>;
  reject(): Promise<void>;
}

/** The cache; undefined where the browser has or gives none. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(NAME);
  } catch {
    return undefined;
  }
}

/** The last copy of the file that was accepted. */
export async function cachedCopy(url: URL): Promise<Response | undefined> {
  return (await openCache())?.match(url);
}

/** Forgets the copy of a file. */
export async function dropCopy(url: URL): Promise<void> {
  await (await openCache())?.delete(url);
}

/** Starts to copy what a server answers. That the copy fails, for want of room say, is no reason to stop loading. */
export function keepCopy(url: URL, response: Response): Copy | undefined {
  if (!globalThis.caches) return undefined;
  const copy = response.clone();
  const pending = new URL(url);
  pending.searchParams.set("foldin", "pending");
  const stored = put(pending, copy);
  return {
    accept: async () => {
      const cache = await stored;
      const done = await cache?.match(pending);
      if (done) await cache?.put(url, done);
      await cache?.delete(pending);
    },
    reject: async () => {
      await (await stored)?.delete(pending);
    },
  };
}

/** Resolves to the cache that holds the copy, if one does. */
async function put(url: URL, response: Response): Promise<Cache | undefined> {
  try {
    const cache = await openCache();
    await cache?.put(url, response);
    return cache;
  } catch {
    return undefined;
  }
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
