// Opens the page without a network: Workbox keeps its files, foldin keeps the model.

import { matchPrecache, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const PAGE_FILES: { url: string; revision: string }[];
declare const self: ServiceWorkerGlobalScope;

/** While there is a network the page comes from there: what was built a minute ago is seen at once. */
registerRoute(
  new NavigationRoute(async ({ request }) => {
    try {
      return await fetch(request);
    } catch (error) {
      const copy = await matchPrecache("index.html");
      if (copy) return copy;
      throw error;
    }
  }),
);
precacheAndRoute(PAGE_FILES);

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
