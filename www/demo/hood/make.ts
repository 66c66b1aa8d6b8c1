/** Makes a model file of random items on another thread, which is its to spend. */
export async function makeHuge(items: number, dim: number): Promise<Uint8Array> {
  const worker = new Worker(new URL("./make.worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage({ items, dim });
    });
  } finally {
    worker.terminate();
  }
}
