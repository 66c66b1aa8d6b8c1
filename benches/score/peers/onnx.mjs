// The few fields of ONNX's protocol buffers that a product and a TopK need (onnx.proto, opset 13).

export const FLOAT = 1;
export const INT8 = 3;
export const INT64 = 7;

/** A model file: query [1, dim] times columns [dim, items], the best k of it. */
export function onnxModel(columns, dim, k) {
  const items = columns.length / dim;
  const best = new Uint8Array(new BigInt64Array([BigInt(k)]).buffer);
  const graph = [
    field(1, node("MatMul", ["query", "columns"], ["scores"])),
    field(1, node("TopK", ["scores", "k"], ["values", "items"])),
    field(2, text("scoring")),
    field(5, tensor("columns", FLOAT, [dim, items], new Uint8Array(columns.buffer))),
    field(5, tensor("k", INT64, [1], best)),
    field(11, value("query", FLOAT, [1, dim])),
    field(12, value("values", FLOAT, [1, k])),
    field(12, value("items", INT64, [1, k])),
  ];
  const opset = [number(2, 13)];
  return joined([number(1, 8), field(8, opset), field(7, graph)]);
}

export function node(type, inputs, outputs, attributes = []) {
  const named = [...inputs.map((name) => field(1, text(name))), ...outputs.map((name) => field(2, text(name)))];
  return [...named, field(4, text(type)), ...attributes.map((attribute) => field(5, attribute))];
}

/** A whole number. */
export const attribute = (name, of) => [field(1, text(name)), number(3, of), number(20, 2)];

export function tensor(name, type, shape, bytes) {
  return [...shape.map((axis) => number(1, axis)), number(2, type), field(8, text(name)), field(9, [bytes])];
}

export function value(name, type, shape) {
  const axes = shape.map((axis) => field(1, [number(1, axis)]));
  return [field(1, text(name)), field(2, [field(1, [number(1, type), field(2, axes)])])];
}

export const text = (string) => [new TextEncoder().encode(string)];

/** A message or bytes: key, length, content. Parts are nested arrays of bytes. */
export function field(tag, parts) {
  return [varint(tag * 8 + 2), varint(parts.flat(Infinity).reduce((sum, part) => sum + part.length, 0)), parts];
}

export const number = (tag, value) => [varint(tag * 8), varint(value)];

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

export function joined(parts) {
  const flat = parts.flat(Infinity);
  const bytes = new Uint8Array(flat.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of flat) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
