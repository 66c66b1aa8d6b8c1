/**
 * Shelves in Vue: the model is loaded once for all who ask for it, in a worker, and everything that is shown follows what
 * the visitor does, in this tab and others.
 *
 * @example
 * ```ts
 * // In the setup of an app's root, or of a page
 * provideRecommender("/movies.safetensors", { profile: "default" });
 * // In any component below
 * const { items } = useShelf({ count: 6, explain: true });
 * const { record } = useRecommender();
 * ```
 *
 * @packageDocumentation
 */
import * as Vue from "vue";
import { type Asked, failed, initialState, shelfAsked, similarAsked, type Supply, take, type Taken, waiting } from "./live/answers.js";
import type { ShelfQuestion, ShelfState, SimilarQuestion } from "./live/answers.js";
import { type Following, follow } from "./live/follow.js";
import type { SharedOptions, Source } from "./live/shared.js";
import type { Recommender } from "./api/recommender.js";
import type { ShelfAttributes } from "./element.js";
import type { VisitorEvent } from "./types.js";

export type { ShelfQuestion, ShelfState, SimilarQuestion } from "./live/answers.js";
export type { SharedOptions } from "./live/shared.js";

/**
 * What {@link useRecommender} gives.
 *
 * @example
 * ```ts
 * const { recommender, record }: UsedRecommender = useRecommender();
 * ```
 */
export interface UsedRecommender {
  /** Undefined until it is there, and on a server. */
  recommender: Vue.ComputedRef<Recommender | undefined>;
  /** Why it is not there. */
  error: Vue.ComputedRef<Error | undefined>;
  /** Records as `Recommender.record`; what comes before the model waits for it. */
  record(events: VisitorEvent | VisitorEvent[]): Promise<void>;
}

const KEY: Vue.InjectionKey<UsedRecommender> = Symbol("foldin");

/**
 * Has a recommender for the component and all below it: a model's address with what `Recommender.load` takes (in a worker
 * unless `worker` is false), or a recommender, which whoever made it closes. Those of the same address and options are
 * one, as with `<foldin-shelf>`; it is closed soon after the last is unmounted. On a server it loads nothing.
 *
 * @example
 * ```ts
 * provideRecommender("/movies.safetensors", { profile: "default" });
 * ```
 */
export function provideRecommender(
  source: Vue.MaybeRefOrGetter<string | URL | Recommender>,
  options: SharedOptions = {},
): UsedRecommender {
  const supply = Vue.shallowRef<Supply>({});
  let taken: Taken | undefined;
  const stop = (): void => {
    taken?.stop();
    taken = undefined;
    supply.value = {};
  };
  const start = (source: Source): void => {
    stop();
    taken = take(source, options, (found) => (supply.value = found));
  };
  Vue.onMounted(() => Vue.watch(() => Vue.toValue(source), start, { immediate: true }));
  Vue.onUnmounted(stop);
  const used: UsedRecommender = {
    recommender: Vue.computed(() => supply.value.recommender),
    error: Vue.computed(() => supply.value.error),
    record: async (events) => {
      if (!taken) throw new Error("record: expected a mounted component, found none; call it from an event handler");
      return taken.record(events);
    },
  };
  Vue.provide(KEY, used);
  return used;
}

/**
 * The recommender of {@link provideRecommender} in a component above.
 *
 * @example
 * ```ts
 * const { recommender, record, error } = useRecommender();
 * ```
 */
export function useRecommender(): UsedRecommender {
  const used = Vue.inject(KEY, undefined);
  if (!used) throw new Error("useRecommender: expected provideRecommender in a component above, found none; call it there");
  return used;
}

/**
 * What a composable that shows items gives.
 *
 * @example
 * ```ts
 * const { items, status, refresh }: UsedShelf = useShelf({ count: 6 });
 * ```
 */
export interface UsedShelf {
  items: Vue.ComputedRef<ShelfState["items"]>;
  status: Vue.ComputedRef<ShelfState["status"]>;
  error: Vue.ComputedRef<Error | undefined>;
  id: Vue.ComputedRef<string | undefined>;
  /** Asks again; what the visitor does is followed anyway. */
  refresh(): Promise<void>;
}

/**
 * The best items for the visitor, asked again whenever they may be others, or the question is another.
 *
 * @example
 * ```ts
 * const { items } = useShelf(() => ({ count: props.count, explain: true }));
 * ```
 */
export function useShelf(question: Vue.MaybeRefOrGetter<ShelfQuestion> = {}): UsedShelf {
  return useAnswer(() => shelfAsked(Vue.toValue(question)));
}

/**
 * The items most like one or several, asked again whenever they may be others. Without an item there are none.
 *
 * @example
 * ```ts
 * const { items } = useSimilar(() => props.product, { count: 4, by: "bought-together" });
 * ```
 */
export function useSimilar(
  item: Vue.MaybeRefOrGetter<string | string[] | undefined>,
  question: Vue.MaybeRefOrGetter<SimilarQuestion> = {},
): UsedShelf {
  return useAnswer(() => similarAsked(Vue.toValue(item), Vue.toValue(question)));
}

function useAnswer(asked: () => Asked): UsedShelf {
  const { recommender, error } = useRecommender();
  const state = Vue.shallowRef(initialState(asked().initial));
  let following: Following | undefined;
  const ask = (): void => {
    following?.stop();
    following = undefined;
    const { ask, initial } = asked();
    state.value = error.value ? failed(state.value, error.value) : waiting(state.value, ask ? initial : []);
    if (!recommender.value || !ask) return;
    following = follow(recommender.value, ask, {
      answer: (answer) => (state.value = { ...answer, status: "ready" }),
      error: (error) => (state.value = failed(state.value, error)),
    });
  };
  Vue.watch([recommender, error, () => asked().parts], (now, before) => isOther(now.flat(), before.flat()) && ask());
  ask();
  Vue.onScopeDispose(() => following?.stop());
  return {
    items: Vue.computed(() => state.value.items),
    status: Vue.computed(() => state.value.status),
    error: Vue.computed(() => state.value.error),
    id: Vue.computed(() => state.value.id),
    refresh: async () => following?.refresh(),
  };
}

const isOther = (now: unknown[], before: unknown[]): boolean => now.some((member, at) => member !== before[at]);

declare module "vue" {
  interface GlobalComponents {
    "foldin-shelf": Vue.DefineComponent<ShelfAttributes>;
  }
}
