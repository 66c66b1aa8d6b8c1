// Model files that are broken on purpose, all made from a good one.

/** A model file as its header and its data section. */
export function split(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return { header, data: bytes.subarray(8 + length) };
}

/** The file of a header and a data section. */
export function join({ header, data }) {
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

function flipped(bytes, bit) {
  const copy = bytes.slice();
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}

function withMetadata(bytes, change) {
  const { header, data } = split(bytes);
  return join({ header: { ...header, __metadata__: { ...header.__metadata__, ...change } }, data });
}

function withoutItems(bytes) {
  const { header } = split(bytes);
  const empty = ([name, { dtype, shape }]) => [name, { dtype, shape: [0, ...shape.slice(1)], data_offsets: [0, 0] }];
  const tensors = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(empty);
  return join({
    header: { __metadata__: header.__metadata__, ...Object.fromEntries(tensors) },
    data: new Uint8Array(),
  });
}

/** The file with another title for its first item, of the same length as that one's or shorter. */
export function withTitle(bytes, title) {
  const { header, data } = split(bytes);
  const [start] = header["catalog.title"].data_offsets;
  const [offsets] = header["catalog.title.offsets"].data_offsets;
  const copy = data.slice();
  const ends = new DataView(copy.buffer);
  const count = header["catalog.title.offsets"].shape[0];
  const encoded = new TextEncoder().encode(title);
  // Whichever titles lie under the new one become empty, but for the first, which gets all of it.
  for (let i = 1; i < count && ends.getUint32(offsets + 4 * i, true) < encoded.length; i++) {
    ends.setUint32(offsets + 4 * i, encoded.length, true);
  }
  ends.setUint32(offsets + 4, encoded.length, true);
  copy.set(encoded, start);
  return join({ header, data: copy });
}

/** Each broken file with the code of the error it must give. */
export function brokenModels(good) {
  const headerEnd = good.length - split(good).data.length;
  return [
    { name: "empty", bytes: new Uint8Array(), code: "format" },
    { name: "a few bytes", bytes: good.subarray(0, 5), code: "format" },
    { name: "truncated in its header", bytes: good.subarray(0, 100), code: "format" },
    { name: "truncated in its data", bytes: good.subarray(0, good.length - 1000), code: "format" },
    { name: "longer than its header tells", bytes: new Uint8Array([...good, 0]), code: "format" },
    { name: "a bit flipped in the header's length", bytes: flipped(good, 8 * 3), code: "format" },
    { name: "a bit flipped in the header", bytes: flipped(good, 8 * 8), code: "format" },
    { name: "an HTML page", bytes: new TextEncoder().encode("<!doctype html><title>404</title>"), code: "format" },
    { name: "of another program", bytes: withMetadata(good, { format: "pt" }), code: "format" },
    { name: "of another version", bytes: withMetadata(good, { format_version: "999" }), code: "version" },
    { name: "without items", bytes: withoutItems(good), code: "format" },
    { name: "with a header alone", bytes: good.subarray(0, headerEnd), code: "format" },
  ];
}

/** The file with one bit flipped, at `count` places spread over its header and data. */
export function* flippedEverywhere(good, count) {
  const headerBits = 8 * (good.length - split(good).data.length);
  for (let i = 0; i < count; i++) {
    const end = i % 2 ? headerBits : 8 * good.length;
    const bit = Math.floor(end * ((i * 0.6180339887) % 1));
    yield { bit, bytes: flipped(good, bit) };
  }
}
