/**
 * Shelves in Svelte, as stores: the model is loaded once for all who ask for it, in a worker, and everything that is shown
 * follows what the visitor does, in this tab and others.
 *
 * @example
 * ```ts
 * // In a layout or page
 * provideRecommender("/movies.safetensors", { profile: "default" });
 * // In any component below; {#each $shelf.items as { item, title } (item)}
 * const shelf = useShelf({ count: 6, explain: true });
 * const { record } = useRecommender();
 * ```
 *
 * @packageDocumentation
 */
import { derived, type Readable, readable, writable } from "svelte/store";
import { getContext, onMount, setContext } from "svelte";
import type {} from "svelte/elements";
import { type Asked, failed, initialState, shelfAsked, similarAsked, type Supply, take, type Taken, waiting } from "./live/answers.js";
import type { ShelfQuestion, ShelfState, SimilarQuestion } from "./live/answers.js";
import { type Following, follow } from "./live/follow.js";
import type { SharedOptions, Source } from "./live/shared.js";
import type { Recommender } from "./api/recommender.js";
import type { ShelfAttributes } from "./element.js";
import type { VisitorEvent } from "./types.js";

export type { ShelfQuestion, ShelfState, SimilarQuestion, Supply } from "./live/answers.js";
export type { SharedOptions } from "./live/shared.js";

/**
 * What {@link useRecommender} gives: a store of the recommender, empty until it is there and on a server.
 *
 * @example
 * ```ts
 * const supply: UsedRecommender = useRecommender(); // $supply.recommender
 * ```
 */
export interface UsedRecommender extends Readable<Supply> {
  /** Records as `Recommender.record`; what comes before the model waits for it. */
  record(events: VisitorEvent | VisitorEvent[]): Promise<void>;
}

const KEY = Symbol.for("foldin");

/**
 * Has a recommender for the component and all below it: a model's address with what `Recommender.load` takes (in a worker
 * unless `worker` is false), or a recommender, which whoever made it closes. Those of the same address and options are
 * one, as with `<foldin-shelf>`; it is closed soon after the last is destroyed. On a server it loads nothing.
 *
 * @example
 * ```ts
 * provideRecommender("/movies.safetensors", { profile: "default" });
 * ```
 */
export function provideRecommender(source: string | URL | Recommender, options: SharedOptions = {}): UsedRecommender {
  const supply = writable<Supply>({});
  let taken: Taken | undefined;
  onMount(() => {
    taken = take(source as Source, options, supply.set);
    return () => {
      taken?.stop();
      taken = undefined;
      supply.set({});
    };
  });
  const record: UsedRecommender["record"] = async (events) => {
    if (!taken) throw new Error("record: expected a mounted component, found none; call it from an event handler");
    return taken.record(events);
  };
  return setContext(KEY, { subscribe: supply.subscribe, record });
}

/**
 * The recommender of {@link provideRecommender} in a component above.
 *
 * @example
 * ```ts
 * const { record } = useRecommender();
 * ```
 */
export function useRecommender(): UsedRecommender {
  const used = getContext<UsedRecommender | undefined>(KEY);
  if (!used) throw new Error("useRecommender: expected provideRecommender in a component above, found none; call it there");
  return used;
}

/**
 * A store of what a shelf shows.
 *
 * @example
 * ```ts
 * const shelf: UsedShelf = useShelf({ count: 6 }); // $shelf.items, $shelf.status
 * ```
 */
export interface UsedShelf extends Readable<ShelfState> {
  /** Asks again; what the visitor does is followed anyway. */
  refresh(): Promise<void>;
}

/**
 * The best items for the visitor, asked again whenever they may be others. A question that changes is a store: of a rune by
 * `toStore`.
 *
 * @example
 * ```ts
 * const shelf = useShelf(toStore(() => ({ count, explain: true })));
 * ```
 */
export function useShelf(question: ShelfQuestion | Readable<ShelfQuestion> = {}): UsedShelf {
  return answered(derived(storeOf(question), shelfAsked));
}

/**
 * The items most like one or several, asked again whenever they may be others. Without an item there are none.
 *
 * @example
 * ```ts
 * const together = useSimilar(toStore(() => product.id), { count: 4, by: "bought-together" });
 * ```
 */
export function useSimilar(
  item: string | string[] | undefined | Readable<string | string[] | undefined>,
  question: SimilarQuestion | Readable<SimilarQuestion> = {},
): UsedShelf {
  return answered(derived([storeOf(item), storeOf(question)], ([item, question]) => similarAsked(item, question)));
}

const storeOf = <T>(value: T | Readable<T>): Readable<T> =>
  typeof (value as Readable<T> | undefined)?.subscribe === "function" ? (value as Readable<T>) : readable(value as T);

/** Follows for as long as somebody is subscribed. */
function answered(asked: Readable<Asked>): UsedShelf {
  const supply = useRecommender();
  let following: Following | undefined;
  const { subscribe } = readable(initialState(), (set, update) => {
    let before: unknown[] = [];
    const stop = derived([supply, asked], (both) => both).subscribe(([{ recommender, error }, { ask, initial, parts }]) => {
      const now = [recommender, error, ...parts];
      if (before.length > 0 && now.every((member, at) => member === before[at])) return;
      before = now;
      following?.stop();
      following = undefined;
      update((state) => (error ? failed(state, error) : waiting(state, ask ? initial : [])));
      if (!recommender || !ask) return;
      following = follow(recommender, ask, {
        answer: (answer) => set({ ...answer, status: "ready" }),
        error: (error) => update((state) => failed(state, error)),
      });
    });
    return () => {
      stop();
      following?.stop();
      following = undefined;
    };
  });
  return { subscribe, refresh: async () => following?.refresh() };
}

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "foldin-shelf": HTMLAttributes<HTMLElement> & ShelfAttributes;
  }
}
