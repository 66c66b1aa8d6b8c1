// What few pages ask for besides recommendations. A chunk of its own.

export { follow } from "./datalayer.js";
export { Trial } from "./experiment.js";
export { Floor } from "./floor.js";
import { fallbackHost as hostOf, readList } from "./fallback.js";
import type { Host } from "../../host/host.js";
import type { FallbackList } from "../../types.js";

/** A host that answers from the page's own list, read if it has to be. */
export const fallbackHost = async (source: FallbackList | string | URL, cause: unknown): Promise<Host> =>
  hostOf(await readList(source), cause);
