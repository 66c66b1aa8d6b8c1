import { unveilAll } from "./unveil.js";

/** How long all of the page is laid out, in milliseconds. */
const WHILE = 2000;

/**
 * Posters and rows out of sight are not laid out (`content-visibility`). Where the window changes, or the browser takes
 * a picture of the whole page, which it announces as a change, all of them are for a while. A phone's bars that come
 * and go change the height alone, and nothing.
 */
export function followWindow(): void {
  let [width, height] = [innerWidth, innerHeight];
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener("resize", () => {
    const barsAlone = innerWidth === width && innerHeight !== height;
    [width, height] = [innerWidth, innerHeight];
    if (barsAlone) return;
    document.documentElement.classList.add("whole");
    unveilAll();
    clearTimeout(timer);
    timer = setTimeout(() => document.documentElement.classList.remove("whole"), WHILE);
  });
}
