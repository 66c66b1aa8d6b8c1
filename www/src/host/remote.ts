import { aborted, closed, FoldinError, unpackError } from "../errors.js";
import { reach, within } from "./optional.js";
import type { Pull } from "../model/factors.js";
import type { Host, Notify } from "./host.js";
import type { Hooks } from "../model/model.js";
import type { Answer, Request } from "./protocol.js";
import type { Notices } from "../types.js";

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  hooks: Hooks<never>;
  /** How often the worker may be asked in vain whether it lives. */
  patience: number;
}

/** Milliseconds between two questions to a worker that owes answers whether it lives. */
const PULSE = 1000;
/** How many of them may stay unanswered: opening a large model takes a slow phone long, training for as long as it takes. */
const PATIENCE = 10;
const patienceFor = (input: unknown): number => {
  const { model } = (input ?? {}) as { model?: object };
  return !model ? PATIENCE : "training" in model ? Infinity : 6 * PATIENCE;
};
/** Milliseconds that a worker has to finish what it stores. */
const FAREWELL = 900;

/** Starts a worker; the host that comes back runs in it. Undefined where the browser has no workers, or refuses. */
export function startRemoteHost(notify: Notify): Host | undefined {
  const worker = reach(startWorker);
  if (!worker) return undefined;
  const connection = new Connection(worker, notify);
  const get = (_: object, method: keyof Host) => (input: unknown, hooks?: Hooks<never>) =>
    method === "close" ? connection.close() : connection.call(method, input, hooks);
  return new Proxy({}, { get: get as NonNullable<ProxyHandler<object>["get"]> }) as Host;
}

/** Bundlers look for exactly this expression. */
const newWorker = (): Worker => new Worker(new URL("../worker.js", import.meta.url), { type: "module" });

interface Policy {
  createScriptURL(url: string): string;
}

/** What browsers with Trusted Types have. */
interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

/** A page may have one of each name. */
let policy: Policy | undefined;

/**
 * A page that demands Trusted Types wants to hear by a policy that the worker's address is no stranger's. `Worker` itself
 * vouches for it, for as long as one is made.
 */
function startWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= reach(() => trustedTypes?.createPolicy("foldin", { createScriptURL: (url) => url }));
  if (!policy) return newWorker();
  const { Worker } = globalThis;
  const own = policy;
  const trusted = (url: string | URL): string => own.createScriptURL(String(url));
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(trusted(url), options);
    }
  };
  try {
    return newWorker();
  } finally {
    globalThis.Worker = Worker;
  }
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
  /** Whether the worker has ever said something, and how often it was asked since. */
  #heard = false;
  #unanswered = 0;
  #pulse: ReturnType<typeof setTimeout> | undefined;

  constructor(worker: Worker, notify: Notify) {
    this.#worker = worker;
    this.#notify = notify;
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => {
      const trouble = message || "its script did not load";
      if (this.#heard) return this.#finish(crashed(trouble));
      this.#finish(new FoldinError("network", `the worker failed: ${trouble}; serve worker.js beside the script`));
    };
  }

  async call(method: keyof Host, input: unknown, hooks: Hooks<never> = {}): Promise<unknown> {
    const { signal, onProgress, pull } = hooks;
    if (this.#end) throw this.#end;
    const id = this.#calls++;
    const request = { id, method, input, progress: onProgress !== undefined, pulls: pull !== undefined };
    const patience = patienceFor(input);
    this.#send(request, transferable(input));
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject, hooks, patience }));
    this.#pulse ??= setTimeout(this.#ask, PULSE);
    // A worker whose opening is aborted is of no use, and one that trains would not hear of it.
    const abort = (): void => (method === "open" ? this.#finish(aborted()) : this.#send({ id, abort: true }));
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    try {
      return await answer;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the worker when it has stored all, or does not answer. */
  async close(): Promise<void> {
    if (!this.#end) {
      const done = this.call("close", undefined).then(() => true, () => true);
      this.#finish((await within(FAREWELL, done)) ? closed() : crashed("it does not answer"));
    }
    this.#end = closed();
  }

  /** Asks the worker, as long as it owes answers, whether it lives. */
  readonly #ask = (): void => {
    this.#pulse = undefined;
    if (this.#pending.size === 0) return;
    const patience = Math.max(...[...this.#pending.values()].map(({ patience }) => patience));
    if (this.#unanswered++ >= patience) return this.#finish(crashed(`no answer for ${patience} s`));
    this.#worker.postMessage({ ping: true } satisfies Request);
    this.#pulse = setTimeout(this.#ask, PULSE);
  };

  #send(request: Request, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #receive(answer: Answer): void {
    this.#heard = true;
    this.#unanswered = 0;
    if ("pong" in answer) return;
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
    clearTimeout(this.#pulse);
    for (const { reject } of this.#pending.values()) reject(end);
    this.#pending.clear();
  }
}

const crashed = (trouble: string): FoldinError =>
  new FoldinError("crashed", `the worker crashed: ${trouble}; load the model again`);
