// What a host does differently while parts of its model are missing.

import type { Host, Notify } from "../../host/host.js";
import type { Opened } from "../../model/engine.js";
import type { Hit, LoadOptions } from "../../types.js";
import { Arrival } from "./arrival.js";
import type { Whole } from "./whole.js";

/** What a host that follows the parts of its model offers. */
export interface Followed {
  /** The model that answers. */
  opened(): Opened;
  /** Lets another model answer, with all that is known of the visitor. */
  swap(opened: Opened): Promise<void>;
  /** Counts the resting events whose items `may` be there now, and tells that there are more items. */
  joined(may: (item: string) => boolean): void;
  notify: Notify;
}

/** What brings in the parts of a model, for its host. */
export interface Following {
  /** The model with as much of it as is wanted, ready to take another's place. */
  ready(): Promise<Opened>;
  start(): void;
  stop(): void;
}

/** Whether parts of the model are missing. */
const isPartial = ({ info, ...opened }: Opened & Partial<Whole>): boolean =>
  (opened.missing?.size ?? 0) > 0 || info.items < (info.of ?? 0);

/** Prepares to bring in the parts behind `head`. Its `url` is empty where its bytes were handed over. */
export function follow(
  host: Host,
  head: Opened,
  url: string,
  amount: LoadOptions["parts"],
  followed: Followed,
): Following {
  const { opened, notify } = followed;
  const arrival = new Arrival(head, {
    url,
    amount,
    placed: async (whole) => {
      if (opened() === head) await followed.swap(whole);
    },
    joined: (part, whole) => {
      if (opened() === whole) followed.joined((item) => whole.engine.holds(part, item));
    },
    failed: (error) => notify("error", error),
  });
  const own = methods(host, arrival, opened);
  return {
    ready: () => arrival.ready(),
    start: () => {
      Object.assign(host, own);
      arrival.start();
    },
    stop: () => {
      arrival.stop();
      // Methods that another model's parts have put in their place stay.
      for (const name of Object.keys(own) as (keyof typeof own)[]) {
        if (host[name] === own[name]) delete (host as Partial<Host>)[name];
      }
    },
  };
}

/** The methods that wait for parts, or say what is missing. */
function methods(host: Host, arrival: Arrival, opened: () => Opened) {
  const usual = Object.getPrototypeOf(host) as Host;
  const reach = (ids: string[]): Promise<void> => arrival.reach(() => ids.every((id) => opened().engine.has(id)));
  return {
    async complete() {
      await arrival.complete();
      return usual.complete.call(host);
    },
    async fineTune(...asked) {
      // What is tuned in a head is lost when the whole model takes its place.
      await arrival.place();
      return usual.fineTune.apply(host, asked);
    },
    async recommend(options) {
      const answer = await usual.recommend.call(host, options);
      const { catalog } = opened();
      if (isPartial(opened())) for (const result of answer.results) result.over = catalog.length;
      return answer;
    },
    async similar(asked) {
      if (asked.options.unknown !== "skip") await reach(asked.items);
      return usual.similar.call(host, asked);
    },
    async rank(asked) {
      if (asked.options.unknown !== "skip") await reach(asked.items);
      return usual.rank.call(host, asked);
    },
    async search(asked): Promise<Hit[]> {
      const found = await usual.search.call(host, asked);
      if (found.length > 0 || !isPartial(opened())) return found;
      // Any part may have the title: all are needed.
      await arrival.reach(() => false);
      return usual.search.call(host, asked);
    },
    async has(id) {
      await reach([id]);
      return usual.has.call(host, id);
    },
    async item(id) {
      await reach([id]);
      return usual.item.call(host, id);
    },
    async drift() {
      return isPartial(opened()) ? undefined : usual.drift.call(host);
    },
  } satisfies Partial<Host>;
}
