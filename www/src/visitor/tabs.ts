import type { KeptChange } from "./kept.js";
import type { Entry } from "./profile.js";

/** What a tab did to what a profile stores. */
export interface Change extends KeptChange {
  added?: Entry[];
  /** Their keys. */
  removed?: number[];
  /** What `items` are kept under. */
  model?: string;
}

/**
 * The other tabs that have the same profile open. A change is told once it is stored: whoever reads the store later
 * finds it there, whoever read it earlier hears of it.
 */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;
  /** Changes that came before anybody took them. */
  readonly #waiting: Change[] = [];
  #take = (change: Change): void => void this.#waiting.push(change);

  constructor(profile: string) {
    // Node has channels too, but no database that tabs could share, and a channel would keep it from ending.
    if (typeof BroadcastChannel === "undefined" || typeof indexedDB === "undefined") return;
    this.#channel = new BroadcastChannel(`foldin profile ${profile}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Change>) => this.#take(data);
  }

  /** Hands over what came so far, and from now on all that comes. */
  onChange(take: (change: Change) => void): void {
    this.#take = take;
    this.#waiting.splice(0).forEach(take);
  }

  tell(change: Change): void {
    this.#channel?.postMessage(change);
  }

  close(): void {
    this.#channel?.close();
  }
}
