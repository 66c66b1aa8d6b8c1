// hnswlib-wasm's flat index: exact, like all the others.

export const name = "hnswlib-wasm flat";

export async function load(factors, dim) {
  const { loadHnswlib } = await import("/node_modules/hnswlib-wasm/dist/hnswlib.js");
  const lib = await loadHnswlib();
  const index = new lib.BruteforceSearch("ip", dim);
  const items = factors.length / dim;
  index.initIndex(items);
  for (let item = 0; item < items; item++) index.addPoint(factors.subarray(item * dim, (item + 1) * dim), item);
  return { ask: (query, k) => index.searchKnn(query, k, undefined).neighbors };
}
