// onnxruntime-web with a model of the very same int8 rows: a vector that the page has, times all of them, the best of it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { split } from "../../tests/support/models.mjs";
import { FLOAT, INT64, INT8, attribute, field, joined, node, number, tensor, text, value } from "../score/peers/onnx.mjs";
import { DIM } from "./model.mjs";

const COUNT = 12;
const FILES = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

/** Lays the peer's package and the factors of a foldin model out, each with a compressed copy beside it. */
export function deployPeer(packages, model, folder) {
  mkdirSync(folder, { recursive: true });
  const files = FILES.map((name) => [name, readFileSync(join(packages, "onnxruntime-web/dist", name))]);
  // As `foldin bundle` compresses large files.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  for (const [name, bytes] of [...files, ["model.onnx", onnxOf(model)]]) {
    writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
}

function onnxOf(model) {
  const { header, data } = split(readFileSync(model));
  const bytes = (name) => data.subarray(...header[name].data_offsets);
  const [items] = header.item_factors.shape;
  const count = new Uint8Array(new BigInt64Array([BigInt(COUNT)]).buffer);
  const zeros = new Uint8Array(items);
  const graph = [
    field(1, node("DequantizeLinear", ["rows", "scales", "zeros"], ["factors"], [attribute("axis", 0)])),
    field(1, node("Gemm", ["query", "factors"], ["scores"], [attribute("transB", 1)])),
    field(1, node("TopK", ["scores", "k"], ["values", "items"])),
    field(2, text("scoring")),
    field(5, tensor("rows", INT8, [items, DIM], bytes("item_factors"))),
    field(5, tensor("scales", FLOAT, [items], bytes("item_scales"))),
    field(5, tensor("zeros", INT8, [items], zeros)),
    field(5, tensor("k", INT64, [1], count)),
    field(11, value("query", FLOAT, [1, DIM])),
    field(12, value("values", FLOAT, [1, COUNT])),
    field(12, value("items", INT64, [1, COUNT])),
  ];
  return joined([number(1, 8), field(8, [number(2, 13)]), field(7, graph)]);
}

/** A page that has a shelf as soon as the model is there. */
export const PEER_PAGE = `<!doctype html><title>shop</title><link rel="icon" href="data:,"><script type="module">
globalThis.times = {};
const ort = await import("/peer/ort.wasm.min.mjs");
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = location.origin + "/peer/";
const session = await ort.InferenceSession.create("/peer/model.onnx", { executionProviders: ["wasm"] });
const query = new ort.Tensor("float32", new Float32Array(${DIM}).fill(0.1), [1, ${DIM}]);
const { items } = await session.run({ query });
if (items.data.length !== ${COUNT}) throw new Error("no shelf");
times.shelf = times.complete = performance.now();
</script>`;
