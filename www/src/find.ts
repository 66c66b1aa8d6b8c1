import { engineCall, type Opened } from "./engine.js";
import { FoldinError } from "./errors.js";

/** The row of an item, which a stored id need not have any more; undefined where the model has none of that id. */
export function rowOf({ engine }: Opened, id: string): number | undefined {
  try {
    return engineCall(() => engine.find(id));
  } catch (error) {
    if (error instanceof FoldinError && error.code === "unknown-item") return undefined;
    throw error;
  }
}
