// Writes a made-up model of int8 rows, as training would: rows by falling length, which popularity makes and chance
// blurs, ids in no order, counts.

import { writeFileSync } from "node:fs";
import { join } from "../../tests/support/models.mjs";

const DIM = 64;

/** The model's bytes. `added` items are new: few people have had them yet. */
export function madeUp(items, seed = 1, added = 0) {
  const random = mulberry(seed);
  const count = items + added;
  const lengths = Float32Array.from({ length: count }, () => Math.exp(0.5 * normal(random)));
  const newer = mulberry(seed + 1);
  const order = Uint32Array.from({ length: count }, (_, item) => item).sort((a, b) => lengths[b] - lengths[a]);
  const columns = {
    item_scales: new Float32Array(count),
    item_gram: new Float32Array(DIM * DIM),
    item_id_offsets: new Uint32Array(count + 1),
    item_counts: new Uint32Array(count),
    item_factors: new Int8Array(count * DIM),
    item_ids: new Uint8Array(count * 12),
  };
  const directions = rowsOf(count, random);
  let end = 0;
  order.forEach((item, row) => {
    const values = directions.subarray(item * DIM, (item + 1) * DIM);
    columns.item_factors.set(values, row * DIM);
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const scale = (columns.item_scales[row] = lengths[item] / length);
    for (let i = 0; i < DIM; i++) {
      const left = values[i] * scale * scale;
      for (let j = 0; j < DIM; j++) columns.item_gram[i * DIM + j] += left * values[j];
    }
    const isNew = item >= items;
    columns.item_counts[row] = isNew ? newer() * 3 : 5 * lengths[item] ** 3 * Math.exp(0.5 * normal(newer));
    end += new TextEncoder().encodeInto(`p${(item * 7919) % 9999991}`, columns.item_ids.subarray(end)).written;
    columns.item_id_offsets[row + 1] = end;
  });
  columns.item_ids = columns.item_ids.subarray(0, end);
  return file(columns, count);
}

const DTYPES = { item_factors: "I8", item_ids: "U8", item_id_offsets: "U32", item_counts: "U32" };

function file(columns, items) {
  let at = 0;
  const tensors = Object.entries(columns).map(([name, data]) => {
    const [start, shape] = [at, { item_factors: [items, DIM], item_gram: [DIM, DIM] }[name] ?? [data.length]];
    at += data.byteLength;
    return [name, { dtype: DTYPES[name] ?? "F32", shape, data_offsets: [start, at] }];
  });
  const data = new Uint8Array(at);
  Object.values(columns).forEach((column, i) => {
    data.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), tensors[i][1].data_offsets[0]);
  });
  const metadata = { format: "foldin", format_version: "1", algorithm: "ials" };
  return join({ header: { __metadata__: metadata, ...Object.fromEntries(tensors) }, data });
}

/** Rows of int8, item after item, so that an item has the same one whatever comes after it. */
function rowsOf(items, random) {
  const rows = new Int8Array(items * DIM);
  for (let i = 0; i < rows.length; i++) rows[i] = Math.max(-127, Math.min(127, Math.round(38 * normal(random))));
  return rows;
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function mulberry(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The rows in f32, as a page would hand them to a peer. */
export function writeModel(path, ...what) {
  writeFileSync(path, madeUp(...what));
}
