import { words } from "./language.js";

/** Counts what the page asks of any server from now on, before everybody's eyes. */
export function countRequests(place: HTMLElement): void {
  const since = performance.now();
  const names: string[] = [];
  const show = (): void => {
    place.textContent = words.requests(names.length);
    place.dataset.count = String(names.length);
    place.title = [words.requestsTitle, ...names].join("\n");
  };
  show();
  place.hidden = false;
  const observer = new PerformanceObserver((list) => {
    const fresh = list.getEntries().filter(({ startTime }) => startTime > since);
    names.push(...fresh.map(({ name }) => name));
    if (fresh.length) show();
  });
  observer.observe({ type: "resource" });
}
