/**
 * A service worker that makes a page open without a network. The model needs no help: it is in the browser's cache
 * once it was loaded.
 *
 * @example
 * ```ts
 * // sw.js, bundled or loaded as a module
 * import { offline } from "foldin/offline";
 *
 * offline({ version: "2024-05-01", files: ["./", "./app.js", "./app.css"] });
 *
 * // on the page
 * navigator.serviceWorker.register("/sw.js", { type: "module" });
 * ```
 *
 * @packageDocumentation
 */

/**
 * Which files make the page, and which state of them.
 *
 * @example
 * ```ts
 * const options: OfflineOptions = { version: "2", files: ["./", "./app.js"] };
 * ```
 */
export interface OfflineOptions {
  /** Another word for each state of the files: a new one replaces them all. */
  version: string;
  /** Their addresses, the page's own among them, relative to the service worker. */
  files: string[];
}

/** The part of a service worker's scope that is used here; its types and a page's exclude each other. */
interface ServiceWorkerScope {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: "install" | "activate",
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(
    type: "fetch",
    listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
}

const PREFIX = "foldin-offline-";

/**
 * Keeps the files and answers with them: pages from the network while there is one, the rest from the copy.
 * Call it once, at the top of the service worker.
 *
 * @example
 * ```ts
 * offline({ version: "1", files: ["./", "./app.js"] });
 * ```
 */
export function offline({ version, files }: OfflineOptions): void {
  const scope = globalThis as unknown as ServiceWorkerScope;
  const name = `${PREFIX}${scope.registration.scope} ${version}`;
  const addresses = new Set(files.map((file) => new URL(file, scope.registration.scope).href));

  const install = async (): Promise<void> => {
    const cache = await caches.open(name);
    // All or none: a page that is half the old and half the new one helps nobody.
    await cache.addAll([...addresses].map((address) => new Request(address, { cache: "reload" })));
    await scope.skipWaiting();
  };
  const activate = async (): Promise<void> => {
    const own = (await caches.keys()).filter((key) => key.startsWith(`${PREFIX}${scope.registration.scope} `));
    await Promise.all(own.filter((key) => key !== name).map((key) => caches.delete(key)));
    await scope.clients.claim();
  };
  const answer = async (request: Request): Promise<Response> => {
    const copy = await (await caches.open(name)).match(request, { ignoreSearch: request.mode === "navigate" });
    if (request.mode !== "navigate") return copy ?? fetch(request);
    return fetch(request).catch((error: unknown) => {
      if (copy) return copy;
      throw error;
    });
  };

  scope.addEventListener("install", (event) => event.waitUntil(install()));
  scope.addEventListener("activate", (event) => event.waitUntil(activate()));
  scope.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    url.hash = url.search = "";
    if (event.request.method === "GET" && addresses.has(url.href)) event.respondWith(answer(event.request));
  });
}
