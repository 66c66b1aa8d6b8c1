import { Recommender } from "foldin";
import { useCallback, useEffect, useState } from "react";

/**
 * A shelf of recommendations as React state. `act({ item, event })` records what the visitor did and turns the shelf.
 */
export function useShelf(src, count = 12) {
  const [recommender, setRecommender] = useState();
  const [items, setItems] = useState([]);
  const [error, setError] = useState();

  useEffect(() => {
    const controller = new AbortController();
    const loading = Recommender.load(src, { worker: true, profile: "default", signal: controller.signal });
    loading.then(setRecommender, (reason) => controller.signal.aborted || setError(reason));
    return () => {
      controller.abort();
      loading.then(
        (loaded) => loaded.close(),
        () => {},
      );
    };
  }, [src]);

  const show = useCallback(
    () => recommender?.recommend({ count, explain: true }).then(setItems, setError),
    [recommender, count],
  );
  useEffect(() => void show(), [show]);

  const act = useCallback((event) => recommender?.record(event).then(show, setError), [recommender, show]);
  return { items, error, act };
}
