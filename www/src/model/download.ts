// Gets a model file from wherever it is: memory, a file, the browser's cache, the network.

import { fetched } from "../host/optional.js";
import { arrival, type ByteSource } from "./bytes.js";
import { type Copy, cachedCopy, isPinned, keepCopy, validator } from "./cache.js";
import { FoldinError } from "../errors.js";
import { isFile } from "./files.js";
import type { Demands, Hooks } from "./model.js";

/** A model file, at an address or in memory already. */
export type ModelFile = Demands & ({ url: string } | { bytes: Uint8Array });

/** A model file on its way. */
export interface Delivery {
  source: ByteSource;
  /** Where it came from. */
  from: "cache" | "network" | "here";
  /** The copy that the browser's cache gets meanwhile. */
  copy?: Copy | undefined;
  /** Ends a download that nobody wants any more, the copy's part included. */
  stop?: () => void;
}

/**
 * Starts to get a model file. A copy in the browser's cache will do where it can be told whether it is the server's,
 * or where the server cannot be reached; with `fresh` set it never does.
 */
export async function openDelivery(file: ModelFile, hooks: Hooks, fresh: boolean): Promise<Delivery> {
  if ("bytes" in file) {
    return { source: { name: "model", chunks: [file.bytes], size: file.bytes.length }, from: "here" };
  }
  const url = new URL(file.url);
  if (isFile(url)) {
    const { streamFile } = await fetched(() => import("../host/local.js"));
    return { source: { name: url.href, chunks: streamFile(url, hooks.signal) }, from: "here" };
  }
  const cached = fresh ? undefined : await cachedCopy(url);
  if (!cached) return download(url, hooks, fresh);
  const copy: Delivery = { source: sourceOf(url, cached), from: "cache" };
  if (isConstant(file) || validator(cached)) return copy;
  return download(url, hooks, fresh).catch((error: unknown) => {
    if (hooks.signal?.aborted) throw error;
    return copy;
  });
}

/** Whether the address can only ever mean one content. */
export const isConstant = (file: ModelFile): boolean =>
  "bytes" in file || file.integrity !== undefined || isPinned(new URL(file.url));

async function download(url: URL, { signal }: Hooks, fresh: boolean): Promise<Delivery> {
  const own = new AbortController();
  const either = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
  const response = await arrival(fetch(url, { signal: either, ...(fresh && { cache: "no-cache" }) }), url.href, signal);
  if (!response.ok || !response.body) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new FoldinError("network", `${url}: the server answered ${status}; check the address and try again`);
  }
  const copy = await keepCopy(url, response);
  return { source: sourceOf(url, response), from: "network", copy, stop: () => own.abort() };
}

function sourceOf(url: URL, response: Response): ByteSource {
  const size = bodySize(response);
  const chunks = readBody(response.body as ReadableStream<Uint8Array>);
  return { name: url.href, chunks, ...(size !== undefined && { size }) };
}

/** The file's length, where it can be known: a compressed answer tells another, other origins hide which it is. */
function bodySize({ type, headers }: Response): number | undefined {
  const length = headers.get("content-length");
  return length && type === "basic" && !headers.has("content-encoding") ? Number(length) : undefined;
}

/** A stream as an iterable; the language's own way is not in every browser yet. */
async function* readBody(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    // After an early exit nobody wants the rest; after an error there is none. Not awaited: a body that is copied as
    // well is cancelled only when the copy is.
    void reader.cancel().catch(() => {});
  }
}
