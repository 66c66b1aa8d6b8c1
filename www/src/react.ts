"use client";
/**
 * Shelves in React: the model is loaded once for all who ask for it, in a worker, and everything that is shown follows what
 * the visitor does, in this tab and others.
 *
 * @example
 * ```tsx
 * import { FoldinProvider, useRecommender, useShelf } from "foldin/react";
 *
 * function Shelf({ initialItems }) {
 *   const { items } = useShelf({ count: 6, explain: true, initialItems });
 *   const { record } = useRecommender();
 *   return items.map(({ item, title }) => (
 *     <button key={item} onClick={() => record({ item, event: "like" })}>{title}</button>
 *   ));
 * }
 *
 * <FoldinProvider src="/movies.safetensors" profile="default">
 *   <Shelf />
 * </FoldinProvider>
 * ```
 *
 * @packageDocumentation
 */
import * as React from "react";
import { type Asked, failed, initialState, shelfAsked, similarAsked, type Supply, take, type Taken, waiting } from "./live/answers.js";
import type { ShelfQuestion, ShelfState, SimilarQuestion } from "./live/answers.js";
import { type Following, follow } from "./live/follow.js";
import { keyOf, type SharedOptions } from "./live/shared.js";
import type { Recommender } from "./api/recommender.js";
import type { ShelfAttributes } from "./element.js";
import type { VisitorEvent } from "./types.js";

export type { ShelfQuestion, ShelfState, SimilarQuestion, Supply } from "./live/answers.js";
export type { SharedOptions } from "./live/shared.js";

/**
 * What {@link FoldinProvider} takes: a model's address with what `Recommender.load` takes (in a worker unless `worker` is
 * false), or a recommender, which whoever made it closes. Of functions among them those of the first render are called.
 *
 * @example
 * ```tsx
 * const props: FoldinProviderProps = { src: "/movies.safetensors", profile: "default" };
 * ```
 */
export interface FoldinProviderProps extends SharedOptions {
  src?: string | URL;
  recommender?: Recommender;
  children?: React.ReactNode;
}

/**
 * What {@link useRecommender} gives.
 *
 * @example
 * ```tsx
 * const { record }: UsedRecommender = useRecommender();
 * ```
 */
export interface UsedRecommender extends Supply {
  /** Records as `Recommender.record`; what comes before the model waits for it. */
  record(events: VisitorEvent | VisitorEvent[]): Promise<void>;
}

const Context = React.createContext<UsedRecommender | undefined>(undefined);

/**
 * Has a recommender for all below it. Providers of the same address and options share one, as `<foldin-shelf>` does with
 * them; it is closed soon after the last is unmounted. On a server it loads nothing.
 *
 * @example
 * ```tsx
 * <FoldinProvider src="/movies.safetensors" profile="default">{children}</FoldinProvider>
 * ```
 */
export function FoldinProvider({ src, recommender, children, ...options }: FoldinProviderProps): React.ReactNode {
  const source = recommender ?? src;
  const [supply, setSupply] = React.useState<Supply>({});
  const taken = React.useRef<Taken>(undefined);
  React.useEffect(() => {
    const own = take(source as string, options, setSupply);
    taken.current = own;
    return () => {
      taken.current = undefined;
      own.stop();
      setSupply({});
    };
  }, [recommender, keyOf(src ?? "", options)]);
  const value = React.useMemo(() => {
    const record: UsedRecommender["record"] = async (events) => {
      if (!taken.current) throw new Error("record: expected a mounted FoldinProvider, found none; call it from an event handler");
      return taken.current.record(events);
    };
    return { ...supply, record };
  }, [supply]);
  return React.createElement(Context.Provider, { value }, children);
}

/**
 * The recommender of the {@link FoldinProvider} above: undefined until it is there, and on a server.
 *
 * @example
 * ```tsx
 * const { recommender, record, error } = useRecommender();
 * ```
 */
export function useRecommender(): UsedRecommender {
  const used = React.useContext(Context);
  if (!used) throw new Error("useRecommender: expected a FoldinProvider above, found none; wrap the component in one");
  return used;
}

/**
 * What a hook that shows items gives.
 *
 * @example
 * ```tsx
 * const { items, status, refresh }: UsedShelf = useShelf({ count: 6 });
 * ```
 */
export interface UsedShelf extends ShelfState {
  /** Asks again; what the visitor does is followed anyway. */
  refresh(): Promise<void>;
}

/**
 * The best items for the visitor, asked again whenever they may be others. The options are compared by value, but for a
 * `vector` and a function as `where`: keep these with `useMemo` and `useCallback`.
 *
 * @example
 * ```tsx
 * const { items, status } = useShelf({ count: 6, explain: true, initialItems });
 * ```
 */
export function useShelf(question: ShelfQuestion = {}): UsedShelf {
  return useAnswer(shelfAsked(question));
}

/**
 * The items most like one or several, asked again whenever they may be others. Without an item there are none.
 *
 * @example
 * ```tsx
 * const { items } = useSimilar(product.id, { count: 4, by: "bought-together" });
 * ```
 */
export function useSimilar(item: string | string[] | undefined, question: SimilarQuestion = {}): UsedShelf {
  return useAnswer(similarAsked(item, question));
}

function useAnswer({ ask, initial, parts }: Asked): UsedShelf {
  const { recommender, error } = useRecommender();
  const [state, setState] = React.useState(() => initialState(initial));
  const following = React.useRef<Following>(undefined);
  React.useEffect(() => {
    if (error) return setState((state) => failed(state, error));
    setState((state) => waiting(state, ask ? initial : []));
    if (!recommender || !ask) return;
    const own = follow(recommender, ask, {
      answer: (answer) => setState({ ...answer, status: "ready" }),
      error: (error) => setState((state) => failed(state, error)),
    });
    following.current = own;
    return () => {
      following.current = undefined;
      own.stop();
    };
  }, [recommender, error, ...parts]);
  const refresh = React.useCallback(async () => following.current?.refresh(), []);
  return React.useMemo(() => ({ ...state, refresh }), [state, refresh]);
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "foldin-shelf": React.DetailedHTMLProps<React.HTMLAttributes<HTMLElement>, HTMLElement> & ShelfAttributes;
    }
  }
}
