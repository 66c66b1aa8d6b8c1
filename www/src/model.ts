// Brings a model's bytes into the engine's memory: a safetensors file is 8 bytes that tell the length of a JSON
// header, that header, and the data section, which streams to its final place chunk by chunk.

import { FoldinError, engineCall } from "./errors.js";
import { isFile, streamFile } from "./files.js";
import type { Progress } from "./types.js";
import { ModelBuffer } from "./wasm/foldin.js";

/** What a caller can pass along with work that takes time. */
export interface Hooks {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** Where a model file is: at an address, or in memory already. */
export type ModelFile = { url: string } | { bytes: Uint8Array };

/** A model file before it is read. */
export interface ModelSource {
  /** What messages call it. */
  name: string;
  /** Its bytes, in order. */
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Its length, where that is known before it is read. */
  size?: number;
}

/** A model file that has arrived; `buffer` holds its data section. */
export interface LoadedModel {
  header: object;
  buffer: ModelBuffer;
}

/** The longest header that is read, as in safetensors itself. */
const MAX_HEADER = 100_000_000;
/** The longest data section: half of what wasm can address. */
const MAX_DATA = 2 ** 31;
const REMEDY = "the file is damaged or not a foldin model: download it again, or pack it again";

const formatError = (name: string, expected: string, found: string, cause?: unknown): FoldinError =>
  new FoldinError("format", `${name}: expected ${expected}, found ${found}; ${REMEDY}`, { cause });

/** Awaits bytes from outside and names what kept them away. */
async function arrival<T>(bytes: Promise<T> | T, name: string, signal?: AbortSignal): Promise<T> {
  try {
    return await bytes;
  } catch (cause) {
    if (signal?.aborted) {
      throw new FoldinError("aborted", `${name}: loading was aborted`, { cause: signal.reason });
    }
    const message = `${name}: ${String(cause)}; check the address and the connection, then try again`;
    throw new FoldinError("network", message, { cause });
  }
}

/** Starts to fetch or read a model file. */
export async function openSource(file: ModelFile, { signal }: Hooks): Promise<ModelSource> {
  if ("bytes" in file) return { name: "model", chunks: [file.bytes], size: file.bytes.length };
  const url = new URL(file.url);
  if (isFile(url)) return { name: url.href, chunks: streamFile(url, signal) };
  const response = await arrival(fetch(url, signal ? { signal } : {}), url.href, signal);
  if (!response.ok || !response.body) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new FoldinError("network", `${url}: the server answered ${status}; check the address and try again`);
  }
  // A compressed answer tells its compressed length, which says nothing of the file's.
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  return { name: url.href, chunks: readBody(response.body), ...(length && { size: Number(length) }) };
}

/** A stream as an iterable; the language's own way is not in every browser yet. */
async function* readBody(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    // After an early exit nobody wants the rest; after an error cancelling fails in vain.
    await reader.cancel().catch(() => {});
  }
}

/**
 * Reads a model file to its end.
 *
 * Throws FoldinError `format` for a file that is shorter or longer than its header tells, or has no such header;
 * `out-of-memory` for one that does not fit.
 */
export async function readModel(
  source: ModelSource,
  memory: WebAssembly.Memory,
  { signal, onProgress }: Hooks,
): Promise<LoadedModel> {
  const bytes = new ByteReader(source, signal);
  let buffer: ModelBuffer | undefined;
  try {
    const header = await readHeader(bytes, source);
    const start = bytes.position;
    const length = dataLength(header, source.name);
    const total = start + length;
    if (source.size !== undefined) expectLength(source.name, total, source.size);
    if (length > MAX_DATA) {
      const remedy = "pack it with fewer bits a factor, or fewer items";
      throw new FoldinError("out-of-memory", `${source.name}: ${total} bytes, of which 2 GiB fit; ${remedy}`);
    }
    buffer = engineCall(() => new ModelBuffer(length));
    onProgress?.({ loaded: start, total });
    for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) {
      const at = bytes.position - chunk.length - start;
      if (at + chunk.length > length) throw formatError(source.name, `${total} bytes`, "more");
      // The view is new for each chunk: the memory may have grown, and moved, in between.
      new Uint8Array(memory.buffer, buffer.pointer + at, chunk.length).set(chunk);
      onProgress?.({ loaded: bytes.position, total });
    }
    expectLength(source.name, total, bytes.position);
    return { header, buffer };
  } catch (error) {
    buffer?.free();
    throw error;
  } finally {
    await bytes.close();
  }
}

async function readHeader(bytes: ByteReader, { name, size = Infinity }: ModelSource): Promise<object> {
  const prefix = await bytes.take(8);
  if (prefix.length < 8) throw formatError(name, "at least 8 bytes", `${prefix.length}`);
  if (prefix[0] === "<".charCodeAt(0)) throw formatError(name, "a safetensors file", "an HTML page");
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > MAX_HEADER || Number(length) > size - 8) {
    throw formatError(name, "a safetensors header inside the file", `a header of ${length} bytes`);
  }
  const json = await bytes.take(Number(length));
  if (json.length < length) throw formatError(name, `a header of ${length} bytes`, `${json.length}`);
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
    if (typeof header === "object" && header !== null) return header;
  } catch (cause) {
    throw formatError(name, "a safetensors header of JSON", String(cause), cause);
  }
  throw formatError(name, "a safetensors header with tensors", "other JSON");
}

/** Where the last tensor ends. All else about the tensors is checked by the engine. */
function dataLength(header: object, name: string): number {
  const tensors = Object.entries(header).filter(([key]) => key !== "__metadata__");
  const ends = tensors.map(([key, tensor]: [string, { data_offsets?: unknown[] } | null]) => {
    const end = tensor?.data_offsets?.[1];
    if (typeof end === "number" && Number.isSafeInteger(end) && end >= 0) return end;
    throw formatError(name, `data_offsets of ${key}`, String(end));
  });
  return ends.reduce((longest, end) => Math.max(longest, end), 0);
}

function expectLength(name: string, expected: number, found: number): void {
  if (found !== expected) throw formatError(name, `${expected} bytes`, `${found}`);
}

/** Chunks of any size, read in pieces of wanted size. */
class ByteReader {
  /** How many bytes were handed out. */
  position = 0;
  readonly #name: string;
  readonly #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  #rest: Uint8Array = new Uint8Array();

  constructor({ name, chunks }: ModelSource, signal?: AbortSignal) {
    this.#name = name;
    this.#iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
    this.#signal = signal;
  }

  /** What arrives next, at most `limit` bytes of it; undefined at the end. */
  async next(limit = Infinity): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const step = await arrival(this.#iterator.next(), this.#name, this.#signal);
      if (step.done) return undefined;
      this.#rest = step.value;
    }
    const chunk = this.#rest.subarray(0, Math.min(limit, this.#rest.length));
    this.#rest = this.#rest.subarray(chunk.length);
    this.position += chunk.length;
    return chunk;
  }

  /** The next `length` bytes, or fewer at the end, in memory of their own that grows only as they arrive. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      const chunk = await this.next(missing);
      if (!chunk) break;
      chunks.push(chunk);
      missing -= chunk.length;
    }
    return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
