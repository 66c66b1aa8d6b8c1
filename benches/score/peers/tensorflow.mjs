// TensorFlow.js on its wasm backend, the matrix transposed at load.

import { transposed } from "./transposed.mjs";

const MODULES = "/node_modules/@tensorflow/";

export const name = "TF.js wasm";

export async function load(factors, dim, k) {
  await script(`${MODULES}tfjs-core/dist/tf-core.min.js`);
  await script(`${MODULES}tfjs-backend-wasm/dist/tf-backend-wasm.min.js`);
  const { tf } = globalThis;
  tf.wasm.setWasmPaths(`${MODULES}tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  const columns = tf.tensor2d(transposed(factors, dim), [dim, factors.length / dim]);
  return {
    ask(query) {
      return tf.tidy(() => {
        const scores = tf.matMul(tf.tensor2d(query, [1, dim]), columns);
        return tf.topk(scores, k, true).indices.dataSync();
      });
    },
  };
}

/** Its builds for browsers are classic scripts. */
function script(src) {
  return new Promise((loaded, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: loaded, onerror: failed }));
  });
}
