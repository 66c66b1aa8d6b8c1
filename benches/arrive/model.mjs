// Makes up item vectors, as training would: their lengths are what popularity makes of them. An item has the same vector
// whatever comes after it.

import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";

export const DIM = 64;
/** Items written at once. */
const BATCH = 10_000;

/**
 * Writes `items` vectors and `added` new ones to `${path}.npy`, their ids to `${path}.txt`; `moved` is how far all vectors
 * are from what they were, as a share of their lengths.
 */
export function writeVectors(path, items, { added = 0, moved = 0 } = {}) {
  const count = items + added;
  const [random, chance] = [mulberry(1), mulberry(2)];
  const file = openSync(`${path}.npy`, "w");
  writeSync(file, npyHeader(count));
  for (let first = 0; first < count; first += BATCH) {
    const rows = new Float32Array(Math.min(BATCH, count - first) * DIM);
    for (let start = 0; start < rows.length; start += DIM) {
      const length = Math.exp(0.5 * normal(random)) / Math.sqrt(DIM);
      for (let i = start; i < start + DIM; i++) {
        rows[i] = length * (normal(random) + (moved && moved * normal(chance)));
      }
    }
    writeSync(file, rows);
  }
  closeSync(file);
  // In no order.
  const ids = Array.from({ length: count }, (_, item) => `p${(item * 7919) % 9999991}`);
  writeFileSync(`${path}.txt`, ids.join("\n"));
}

function npyHeader(items) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${items}, ${DIM}), }`;
  const header = Buffer.alloc(128, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(128 - 10, 8);
  header.write(text, 10);
  header.write("\n", 127);
  return header;
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
