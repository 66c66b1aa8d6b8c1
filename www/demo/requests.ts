import { words } from "./language.js";

/** Counts what the page asks of any server from now on, before everybody's eyes. */
export function countRequests(place: HTMLElement): void {
  const since = performance.now();
  const names: string[] = [];
  // Browsers fetch the page's icon whenever they like.
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href;
  const show = (): void => {
    place.textContent = words.requests(names.length);
    place.dataset.count = String(names.length);
    place.title = [words.requestsTitle, ...names].join("\n");
  };
  show();
  const observer = new PerformanceObserver((list) => {
    const fresh = list.getEntries().filter(({ startTime, name }) => startTime > since && name !== icon);
    names.push(...fresh.map(({ name }) => name));
    if (fresh.length) show();
  });
  observer.observe({ type: "resource" });
}
