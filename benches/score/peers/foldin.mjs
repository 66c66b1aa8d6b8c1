// foldin as a page uses it: the package's own API, from a model file's bytes to an array of objects.

import { Recommender } from "/foldin/index.js";

export const open = (bytes) => Recommender.load(bytes);

export async function load(bytes) {
  const shop = await open(bytes);
  return {
    ask: async (vector, count) => (await shop.recommend({ vector, count })).map(({ item }) => item),
    /** The share of the rows that were read for ten questions, after those that do without having measured them. */
    async rowsRead(vector, count) {
      const before = shop.metrics().rows;
      for (let times = 0; times < 10; times++) await shop.recommend({ vector: vector(), count });
      const { read, asked } = shop.metrics().rows;
      return (read - before.read) / (asked - before.asked);
    },
    close: () => shop.close(),
  };
}
