import { Recommender } from "foldin";

/**
 * A shelf of recommendations as Svelte state. `act({ item, event })` records what the visitor did and turns the shelf.
 */
export function createShelf(src, count = 12) {
  const shelf = $state({ items: [], error: undefined });
  const loading = Recommender.load(src, { worker: true, profile: "default" });
  const attempt = (work) => loading.then(work).catch((error) => (shelf.error = error));
  const show = async (recommender) => {
    shelf.items = await recommender.recommend({ count, explain: true });
  };
  void attempt(show);
  return {
    shelf,
    act: (event) =>
      attempt(async (recommender) => {
        await recommender.record(event);
        await show(recommender);
      }),
    close: () =>
      loading.then(
        (recommender) => recommender.close(),
        () => {},
      ),
  };
}
