import { aborted, closed, FoldinError, unpackError } from "./errors.js";
import type { Host, Notify } from "./host.js";
import type { Hooks } from "./model.js";
import type { Answer, Request } from "./protocol.js";
import type { Notices } from "./types.js";

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  onProgress: Hooks<never>["onProgress"];
}

/** Starts a worker; the host that comes back runs in it. */
export function startRemoteHost(notify: Notify): Host {
  const connection = new Connection(notify);
  const get = (_: object, method: keyof Host) => (input: unknown, hooks?: Hooks<never>) =>
    connection.call(method, input, hooks);
  return new Proxy({}, { get: get as NonNullable<ProxyHandler<object>["get"]> }) as Host;
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
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#notify = notify;
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => {
      const trouble = message || "its script did not load";
      this.#finish(new FoldinError("network", `the worker failed: ${trouble}; serve worker.js beside the script`));
    };
  }

  async call(method: keyof Host, input: unknown, { signal, onProgress }: Hooks<never> = {}): Promise<unknown> {
    if (this.#end && method === "close") return;
    if (this.#end) throw this.#end;
    const id = this.#calls++;
    this.#send({ id, method, input, progress: onProgress !== undefined });
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, onProgress }));
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

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }

  #receive(answer: Answer): void {
    if ("notice" in answer) return deliverNotice(answer, this.#notify);
    const call = this.#pending.get(answer.id);
    if (!call) return;
    if ("progress" in answer) return call.onProgress?.(answer.progress as never);
    this.#pending.delete(answer.id);
    if ("error" in answer) call.reject(unpackError(answer.error));
    else call.resolve(answer.value);
  }

  #finish(end: FoldinError): void {
    this.#end ??= end;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(end);
    this.#pending.clear();
  }
}
