// The worker's end: it runs the same host that the page would run on its own thread.

import { packError } from "./errors.js";
import { type Host, LocalHost } from "./host/host.js";
import type { Hooks } from "./model/model.js";
import type { Answer, Request } from "./host/protocol.js";
import type { Notices, Progress, TrainingProgress } from "./types.js";

const host: Host = new LocalHost((type, notice) => answer(packNotice(type, notice)));
const running = new Map<number, AbortController>();
/** Who waits for factors, by the call that pulls them. */
const pulling = new Map<number, (chunk: Float32Array) => void>();

/** Packs a notice, and the error in it, for the journey. */
function packNotice<T extends keyof Notices>(notice: T, value: Notices[T]): Answer {
  const { error, ...rest } = value as { error?: Error };
  return { notice, value: rest, ...(error && { error: packError(error) }) };
}

function answer(message: Answer, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  if ("ping" in data) return answer({ pong: true });
  const { id } = data;
  if ("abort" in data) return running.get(id)?.abort();
  if ("chunk" in data) return pulling.get(id)?.(data.chunk);
  const controller = new AbortController();
  running.set(id, controller);
  const onProgress: Hooks<Progress | TrainingProgress>["onProgress"] = (progress) => answer({ id, progress });
  const pull = (from: number, to: number): Promise<Float32Array> =>
    new Promise((resolve) => {
      pulling.set(id, resolve);
      answer({ id, pull: [from, to] });
    });
  const hooks: Hooks<Progress | TrainingProgress> = {
    signal: controller.signal,
    ...(data.progress && { onProgress }),
    ...(data.pulls && { pull }),
  };
  try {
    const method = host[data.method] as (input: unknown, hooks: Hooks<Progress | TrainingProgress>) => Promise<unknown>;
    const value = await method.call(host, data.input, hooks);
    answer({ id, value }, value instanceof Float32Array ? [value.buffer] : []);
  } catch (error) {
    answer({ id, error: packError(error as Error) });
  } finally {
    running.delete(id);
    pulling.delete(id);
  }
};
