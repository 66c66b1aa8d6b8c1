// The wasm kernels, bit for bit, against the arithmetic that foldin-kernel defines. Runs in Node and in a page.

import { join } from "./models.mjs";

/** Two groups of four, and a rest that ends where the file's rows end. */
const ROWS = 11;
const { fround } = Math;

/** Numbers from a seed, 0 to 1. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows of each precision: the tensors of a model, and what is to come out for a vector. */
const PRECISIONS = {
  f32: (dim, next) => {
    const values = Float32Array.from({ length: ROWS * dim }, () => edge(next) ?? next() - 0.5);
    return { tensors: [["item_factors", "F32", [ROWS, dim], values]], scores: (vector) => floats(values, dim, vector) };
  },
  f16: (dim, next) => {
    // Half floats below 2, subnormal ones among them.
    const halves = Uint16Array.from({ length: ROWS * dim }, () => Math.floor(next() * 65536) & 0xbfff);
    const values = Float32Array.from(halves, widened);
    return { tensors: [["item_factors", "F16", [ROWS, dim], halves]], scores: (vector) => floats(values, dim, vector) };
  },
  int8: (dim, next) => {
    const values = Int8Array.from({ length: ROWS * dim }, () => byte(next));
    const scales = Float32Array.from({ length: ROWS }, (_, row) => [0, 1e-42, 0.01][row] ?? next());
    const tensors = [["item_scales", "F32", [ROWS], scales], ["item_factors", "I8", [ROWS, dim], values]];
    return { tensors, scores: (vector) => integers(values, scales, dim, vector) };
  },
  int4: (dim, next) => {
    const bytes = Int8Array.from({ length: (ROWS * dim) / 2 }, () => byte(next));
    const values = Int8Array.from({ length: ROWS * dim }, (_, at) => (at % 2 ? bytes[at >> 1] >> 4 : (bytes[at >> 1] << 28) >> 28));
    const scales = Float32Array.from({ length: ROWS }, (_, row) => [0, 1e-42, 0.01][row] ?? next());
    const tensors = [["item_scales", "F32", [ROWS], scales], ["item_factors", "U8", [ROWS, dim / 2], bytes]];
    return { tensors, scores: (vector) => integers(values, scales, dim, vector) };
  },
};

const edge = (next) => [0, -0, 2 ** -126, 1e-42, 1000, -1000][Math.floor(next() * 40)];
const byte = (next) => [-128, 127][Math.floor(next() * 8)] ?? Math.floor(next() * 256) - 128;

function widened(half) {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const magnitude = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
  return half >> 15 ? -magnitude : magnitude;
}

/** Eight running sums, then a fixed tree. */
function floats(values, dim, vector) {
  return Array.from({ length: ROWS }, (_, row) => {
    const lanes = new Float32Array(8);
    for (let j = 0; j < dim; j++) lanes[j % 8] += fround(values[row * dim + j] * vector[j]);
    const [a, b, c, d] = [0, 1, 2, 3].map((lane) => fround(lanes[lane] + lanes[lane + 4]));
    return fround(fround(a + c) + fround(b + d));
  });
}

/** The vector as integers, exact sums, both scales. */
function integers(values, scales, dim, vector) {
  const limit = Math.min(32767, Math.floor((2 ** 31 - 1) / (128 * dim)));
  const scale = fround(Math.max(...vector.map(Math.abs)) / limit);
  const query = Array.from(vector, (v) => {
    const exact = v * (1 / scale);
    return Math.sign(exact) * Math.min(limit, Math.floor(Math.abs(exact) + 0.5));
  });
  return Array.from({ length: ROWS }, (_, row) => {
    const sum = query.reduce((sum, q, j) => sum + q * values[row * dim + j], 0);
    return fround(fround(fround(sum) * scales[row]) * scale);
  });
}

function modelOf(tensors) {
  const header = { __metadata__: { format: "foldin", format_version: "1" } };
  const data = new Uint8Array(tensors.reduce((bytes, [, , , values]) => bytes + values.byteLength, 0));
  let start = 0;
  for (const [name, dtype, shape, values] of tensors) {
    const end = start + values.byteLength;
    header[name] = { dtype, shape, data_offsets: [start, end] };
    data.set(new Uint8Array(values.buffer), start);
    start = end;
  }
  return join({ header, data });
}

export const PRECISION_NAMES = Object.keys(PRECISIONS);

/** The dims from 1 to 260 at which rows of a precision do not score as defined: none, in an engine that is right. */
export async function wrongDims(Recommender, precision, options) {
  const wrong = [];
  for (let dim = 1; dim <= 260; dim++) {
    if (precision === "int4" && dim % 2) continue;
    const next = random(dim);
    const { tensors, scores } = PRECISIONS[precision](dim, next);
    const vector = Float32Array.from({ length: dim }, () => next() - 0.5);
    const shop = await Recommender.load(modelOf(tensors), options);
    const ranking = await shop.recommend({ vector, count: ROWS });
    const found = new Map(ranking.map(({ item, score }) => [item, score]));
    // A zero has no sign in a ranking.
    if (scores(vector).some((score, row) => found.get(String(row)) !== score + 0)) wrong.push(dim);
    await shop.close();
  }
  return wrong;
}

/** The best of many rows for a few vectors, most of which no engine has to read to the end. */
export async function bestOfMany(Recommender, options) {
  const rankings = [];
  for (const dim of [40, 64, 65, 128, 200]) {
    const next = random(dim);
    const normal = () => next() + next() + next() - next() - next() - next();
    const rows = 4000;
    const values = Int8Array.from({ length: rows * dim }, () => Math.max(-127, Math.min(127, Math.round(60 * normal()))));
    // Some negative, nothing or next to nothing, in blocks of rows of their own.
    const odd = (row) => [, -1, 0, 1e-40][row > 3000 && row % 50 < 4 ? row % 50 : 0] ?? 1;
    const scales = Float32Array.from({ length: rows }, (_, row) => odd(row) * 0.01 * Math.exp(0.5 * normal()));
    const shop = await Recommender.load(
      modelOf([
        ["item_scales", "F32", [rows], scales],
        ["item_factors", "I8", [rows, dim], values],
      ]),
      options,
    );
    for (let query = 0; query < 20; query++) {
      // Now and then one number is far above the others.
      const vector = Float32Array.from({ length: dim }, (_, at) => normal() * (at === query ? 100 : 1));
      rankings.push((await shop.recommend({ vector, count: 100 })).map(({ item, score }) => [item, score]));
    }
    await shop.close();
  }
  return rankings;
}
