// MatMul and TopK, the factors as an initializer in the layout that onnxruntime-web multiplies fastest.

import { onnxModel } from "./onnx.mjs";
import { transposed } from "./transposed.mjs";

const DIST = "/node_modules/onnxruntime-web/dist/";

export const name = "onnxruntime-web";

export async function load(factors, dim, k) {
  const ort = await import(`${DIST}ort.wasm.min.mjs`);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL(DIST, location.href).href;
  const model = onnxModel(transposed(factors, dim), dim, k);
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  return {
    async ask(query) {
      const { items } = await session.run({ query: new ort.Tensor("float32", query, [1, dim]) });
      return Uint32Array.from(items.data, Number);
    },
  };
}
