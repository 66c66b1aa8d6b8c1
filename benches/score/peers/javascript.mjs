// A careful loop over a Float32Array, as a page without a library would have it.

export const name = "plain JS";

export function load(factors, dim) {
  return { ask: (query, k) => best(factors, dim, query, k), bytes: factors.byteLength };
}

function best(factors, dim, query, k) {
  const scores = new Float32Array(k).fill(-Infinity); // falling
  const items = new Uint32Array(k);
  for (let item = 0, at = 0; at < factors.length; item++, at += dim) {
    let a = 0, b = 0, c = 0, d = 0;
    for (let j = 0; j < dim; j += 4) {
      a += factors[at + j] * query[j];
      b += factors[at + j + 1] * query[j + 1];
      c += factors[at + j + 2] * query[j + 2];
      d += factors[at + j + 3] * query[j + 3];
    }
    const score = a + b + (c + d);
    if (score <= scores[k - 1]) continue;
    let place = k - 1;
    for (; place > 0 && scores[place - 1] < score; place--) {
      scores[place] = scores[place - 1];
      items[place] = items[place - 1];
    }
    scores[place] = score;
    items[place] = item;
  }
  return items;
}
