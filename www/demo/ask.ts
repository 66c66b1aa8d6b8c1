/** Puts one question to a worker, which ends with its answer. */
export async function askWorker<Answer>(worker: Worker, question: unknown): Promise<Answer> {
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(question);
    });
  } finally {
    worker.terminate();
  }
}
