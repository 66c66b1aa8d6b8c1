import { reach } from "../host/optional.js";

/** What changed in the store besides events and beliefs, which are always read: some items, and what they are kept under. */
export interface News {
  model?: string;
  items?: string[];
  /** The visitor no longer wants to be remembered. */
  left?: true;
}

/**
 * The other tabs that have the same profile open. They hear that the store has changed, once it has, and read there what.
 */
export class Tabs {
  readonly #channel: BroadcastChannel | undefined;
  /** Set where there is a store to share, and no way to hear of each other. */
  readonly apart: boolean;

  constructor(profile: string, hear: (news: News) => void) {
    // Node has channels too, but no database that tabs could share, and a channel would keep it from ending.
    const hasStore = reach(() => indexedDB) !== undefined;
    this.#channel = hasStore ? reach(() => new BroadcastChannel(`foldin profile ${profile}`)) : undefined;
    this.apart = hasStore && !this.#channel;
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<News>) => hear(data);
  }

  tell(news: News): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
  }
}
