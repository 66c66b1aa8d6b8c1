// foldin as a page uses it: the package's own API, from a model file's bytes to an array of objects.

import { Recommender } from "/foldin/index.js";

export const open = (bytes) => Recommender.load(bytes);

export async function load(bytes) {
  const shop = await open(bytes);
  return {
    ask: async (vector, count) => (await shop.recommend({ vector, count })).map(({ item }) => item),
    /** The share of the rows that had to be read, in all questions so far. */
    rowsRead() {
      const { read, asked } = shop.metrics().rows;
      return read / asked;
    },
    close: () => shop.close(),
  };
}
