// Writes a model file of int8 rows around a few hundred centres, as real catalogues have them: a safetensors file,
// whose layout is told in ARCHITECTURE.md.

const CENTRES = 300;
/** How much of a row is its centre's; the rest is chance. */
const [OWN, SHARED] = [24, 100];

onmessage = ({ data: { items, dim } }: MessageEvent<{ items: number; dim: number }>) => {
  const file = modelFile(items, dim);
  postMessage(file, { transfer: [file.buffer] });
};

function modelFile(items: number, dim: number): Uint8Array<ArrayBuffer> {
  const tensors = [
    { name: "item_scales", dtype: "F32", shape: [items], bytes: 4 * items },
    { name: "item_factors", dtype: "I8", shape: [items, dim], bytes: items * dim },
  ];
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, bytes }) => {
    const start = end;
    end += bytes;
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const metadata = { format: "foldin", format_version: "1", data: "synthetic" };
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const start = 8 + json.length;
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);

  const scales = new Float32Array(file.buffer, start, items);
  const factors = new Int8Array(file.buffer, start + 4 * items, items * dim);
  const random = numbers(1);
  const centres = Int8Array.from({ length: CENTRES * dim }, () => (random() * 2 - 1) * SHARED);
  for (let item = 0; item < items; item++) {
    // Few are famous: norms fall as in a long tail, and rows lie in that order.
    scales[item] = 0.01 / (1 + (20 * item) / items);
    const centre = Math.floor(random() * CENTRES) * dim;
    for (let j = 0; j < dim; j++) {
      factors[item * dim + j] = (centres[centre + j] ?? 0) + (random() * 2 - 1) * OWN;
    }
  }
  return file;
}

/** Numbers from 0 to 1, the same each time (xorshift32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
