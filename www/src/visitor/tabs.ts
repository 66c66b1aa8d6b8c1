import { reach } from "../host/optional.js";

/** What changed in the store besides events and beliefs, which are always read: some items, and what they are kept under. */
export interface News {
  model?: string;
  items?: string[];
}

/**
 * The other tabs that have the same profile open. They hear that the store has changed, once it has, and read there what.
 */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;

  constructor(profile: string, hear: (news: News) => void) {
    // Node has channels too, but no database that tabs could share, and a channel would keep it from ending.
    if (!reach(() => indexedDB)) return;
    this.#channel = reach(() => new BroadcastChannel(`foldin profile ${profile}`));
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<News>) => hear(data);
  }

  /** Whether the browser has what tabs need to hear of each other. */
  get reachable(): boolean {
    return this.#channel !== undefined;
  }

  tell(news: News): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
  }
}
