import { aborted, closed, FoldinError, unpackError } from "../errors.js";
import type { Pull } from "../model/factors.js";
import type { Host, Notify } from "./host.js";
import type { Hooks } from "../model/model.js";
import type { Answer, Request } from "./protocol.js";
import type { Notices } from "../types.js";

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  hooks: Hooks<never>;
}

/** Starts a worker; the host that comes back runs in it. */
export function startRemoteHost(notify: Notify): Host {
  const connection = new Connection(notify);
  const get = (_: object, method: keyof Host) => (input: unknown, hooks?: Hooks<never>) =>
    connection.call(method, input, hooks);
  return new Proxy({}, { get: get as NonNullable<ProxyHandler<object>["get"]> }) as Host;
}

/** The memory that goes over to the worker: that of factors which their page has no more use for. */
function transferable(input: unknown): Transferable[] {
  const { model } = (input ?? {}) as { model?: { factors?: Float32Array } };
  return model?.factors ? [model.factors.buffer] : [];
}

/** Hands a packed notice on. */
function deliverNotice({ notice, value, error }: Extract<Answer, { notice: unknown }>, notify: Notify): void {
  notify(notice, { ...value, ...(error && { error: unpackError(error) }) } as Notices[typeof notice]);
}

/** The page's end of the worker: each call becomes a message, each answer settles its call. */
class Connection {
  readonly #worker: Worker;
  readonly #notify: Notify;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;
  /** Why no call gets through any more. */
  #end: FoldinError | undefined;

  constructor(notify: Notify) {
    if (typeof Worker === "undefined") {
      throw new FoldinError("unsupported", "worker: there are no Web Workers here; load without this option");
    }
    // Bundlers look for exactly this expression.
    this.#worker = new Worker(new URL("../worker.js", import.meta.url), { type: "module" });
    this.#notify = notify;
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => {
      const trouble = message || "its script did not load";
      this.#finish(new FoldinError("network", `the worker failed: ${trouble}; serve worker.js beside the script`));
    };
  }

  async call(method: keyof Host, input: unknown, hooks: Hooks<never> = {}): Promise<unknown> {
    const { signal, onProgress, pull } = hooks;
    if (this.#end && method === "close") return;
    if (this.#end) throw this.#end;
    const id = this.#calls++;
    const request = { id, method, input, progress: onProgress !== undefined, pulls: pull !== undefined };
    this.#send(request, transferable(input));
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, hooks }));
    // A worker whose opening is aborted is of no use, and one that trains would not hear of it.
    const abort = (): void => (method === "open" ? this.#finish(aborted()) : this.#send({ id, abort: true }));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    try {
      return await answer;
    } finally {
      signal?.removeEventListener("abort", abort);
      if (method === "close") this.#finish(closed());
    }
  }

  #send(request: Request, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #receive(answer: Answer): void {
    if ("notice" in answer) return deliverNotice(answer, this.#notify);
    const call = this.#pending.get(answer.id);
    if (!call) return;
    if ("progress" in answer) return call.hooks.onProgress?.(answer.progress as never);
    if ("pull" in answer) return void this.#hand(answer.id, call.hooks.pull as Pull, answer.pull);
    this.#pending.delete(answer.id);
    if ("error" in answer) call.reject(unpackError(answer.error));
    else call.resolve(answer.value);
  }

  /** Hands a copy of some factors over. */
  async #hand(id: number, pull: Pull, [from, to]: [number, number]): Promise<void> {
    const chunk = (await pull(from, to)).slice();
    this.#send({ id, chunk }, [chunk.buffer]);
  }

  #finish(end: FoldinError): void {
    this.#end ??= end;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(end);
    this.#pending.clear();
  }
}
