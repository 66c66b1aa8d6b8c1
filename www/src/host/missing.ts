// What is told of something that the browser lacks. A chunk of its own.

import { FoldinError } from "../errors.js";
import type { Notices } from "../types.js";

const INSTEAD = {
  worker: "Web Workers: the page's own thread answers",
  cache: "a cache: each visit downloads the model",
  tabs: "channels between tabs: each reads what others did when it does something itself",
};

/** The notice of it. */
export const missing = (what: keyof typeof INSTEAD): Notices["missing"] => ({
  what,
  error: new FoldinError("unsupported", `the browser lacks or refuses ${INSTEAD[what]}`),
});
