// The shelves below the visitor's own: which films each has, and what it says of them.

import type { Item, Recommendation } from "foldin";
import { words } from "./language.js";
import { titleOf } from "./poster.js";
import type { Session } from "./session.js";

/** A shelf for one scene. */
export interface Scene {
  /** Its `data-row`. */
  id: string;
  /** Whether there is another set of films to be had. */
  again?: boolean;
  /** Asks for its films; no films, no shelf. `turn` counts how often others were asked for. */
  ask: (turn: number) => Promise<Shown | undefined>;
}

/** What a scene shows. */
export interface Shown {
  title: string;
  hint: string;
  films: Item[];
}

/** Films on a row. */
const ROW = 12;
/** Fewer films make no row. */
const FEWEST = 4;
/** How far down the visitor's own ranking a reason is looked for, and a gem. */
const [WIDE, DEEP] = [60, 200];
/** The most popular part of the catalogue, in which nothing is hidden. */
const KNOWN = 0.25;
/** Years that count as new. */
const NEW = 2;

/** Every scene, from the nearest to the visitor's taste to the farthest. */
export function scenes(session: Session): Scene[] {
  const { recommender } = session;
  const onShelf = (): Set<string> => new Set(session.shelf.map(({ item }) => item));

  return [
    {
      id: "telling",
      ask: async () => {
        if (session.personal) return undefined;
        return { title: words.telling, hint: words.tellingHint, films: await session.questions() };
      },
    },
    {
      id: "because",
      ask: async () => {
        if (!session.personal) return undefined;
        const wide = await recommender.recommend({ count: WIDE, explain: true });
        const shelf = onShelf();
        const byReason = new Map<string, Recommendation[]>();
        for (const film of wide) {
          const reason = film.because?.find(({ share }) => share > 0);
          if (!reason || shelf.has(film.item)) continue;
          byReason.set(reason.item, [...(byReason.get(reason.item) ?? []), film]);
        }
        // The latest like that brought enough.
        const brought = (id: string): number => byReason.get(id)?.length ?? 0;
        const like = session.judged.find(({ item, opinion }) => opinion === "like" && brought(item.item) >= FEWEST);
        if (!like) return undefined;
        const films = byReason.get(like.item.item)?.slice(0, ROW) ?? [];
        return { title: words.becauseYouLiked(titleOf(like.item)), hint: words.becauseYouLikedHint, films };
      },
    },
    {
      id: "gems",
      ask: async () => {
        const { catalogue } = session;
        if (!session.personal || !catalogue) return undefined;
        const fame = catalogue.count(catalogue.byFame[Math.floor(catalogue.films.length * KNOWN)] ?? -1);
        const deep = await recommender.recommend({ count: DEEP });
        const films = deep.filter(({ item }) => catalogue.countOf(item) <= fame).slice(0, ROW);
        return { title: words.gems, hint: words.gemsHint, films };
      },
    },
    {
      id: "different",
      again: true,
      ask: async (turn) => {
        if (!session.personal) return undefined;
        const explore = { seed: turn, strength: 0.6 };
        const films = await recommender.recommend({ count: ROW, diversity: 0.8, explore, exclude: [...onShelf()] });
        return { title: words.different, hint: words.differentHint, films };
      },
    },
    {
      id: "arrivals",
      ask: async () => {
        const { catalogue } = session;
        const since = catalogue && catalogue.newest - NEW + 1;
        if (!since) return undefined;
        // Nobody has met them: what they are brings them here.
        const unmet = catalogue.films.flatMap(({ item }, row) => (catalogue.count(row) === 0 ? item : []));
        const first = unmet.length ? await recommender.recommend({ count: ROW, only: unmet }) : [];
        const rest = await recommender.recommend({ count: ROW, where: { year: { min: since } }, exclude: unmet });
        const films = [...first, ...rest].slice(0, ROW);
        return { title: words.arrivals, hint: words.arrivalsHint(since), films };
      },
    },
    {
      id: "popular",
      ask: async () => {
        const { catalogue } = session;
        if (!session.personal || !catalogue) return undefined;
        const films = catalogue.popular(ROW);
        const shelf = onShelf();
        const shared = films.filter(({ item }) => shelf.has(item)).length;
        return { title: words.popular, hint: words.popularHint(shared, films.length), films };
      },
    },
  ];
}
