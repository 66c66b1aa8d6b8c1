// Brings a model's bytes into the engine's memory: a safetensors file is 8 bytes that tell the length of a JSON
// header, that header, and the data section, which streams to its final place chunk by chunk.

import { ByteReader, type ByteSource } from "./bytes.js";
import { engineCall } from "./engine.js";
import { FoldinError } from "../errors.js";
import { fetched } from "../host/optional.js";
import type { Pull } from "./factors.js";
import type { Progress } from "../types.js";
import { wholeEngine } from "./wasm.js";
import { ModelBuffer, ModelHeader } from "../wasm/foldin.js";

/** What a caller can pass along with work that takes time. */
export interface Hooks<P = Progress> {
  signal?: AbortSignal;
  onProgress?: (progress: P) => void;
  /** Hands out factors that stay with the page. */
  pull?: Pull;
}

/** What a caller demands of a model file. */
export interface Demands {
  /** Its SHA-256, as `sha256-` and base64. */
  integrity?: string | undefined;
  /** The most bytes it may have. */
  maxBytes?: number | undefined;
}

/** What a model file says of itself. */
export interface Header {
  metadata: Record<string, string>;
  tensors: Record<string, Tensor>;
}

interface Tensor {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Whether a model needs what few do: other precisions, other ways to fold visitors in, a Gram matrix to be made. */
export const needsWhole = ({ metadata, tensors }: Header): boolean =>
  !tensors.item_gram ||
  ["F16", "U8"].includes(tensors.item_factors?.dtype ?? "") ||
  ["bpr", "next", "two-tower"].includes(metadata.algorithm ?? "");

/** What brings in the parts of a model. */
export const partsModule = () => fetched(() => import("../lazy/parts/follow.js"));

/** A model file that has arrived; `buffer` holds its data section. */
export interface LoadedModel {
  header: Header;
  buffer: ModelBuffer;
}

/** The longest header that is read, as in safetensors itself. */
const MAX_HEADER = 100_000_000;
/** The longest file: half of what wasm can address. */
const MAX_BYTES = 2 ** 31;
const REMEDY = "the file is damaged or not a foldin model: download it again, or pack it again";

const formatError = (name: string, expected: string, found: string, cause?: unknown): FoldinError =>
  new FoldinError("format", `${name}: expected ${expected}, found ${found}; ${REMEDY}`, { cause });

/**
 * Reads a model file to its end.
 *
 * Throws FoldinError `format` for a file that is shorter or longer than its header tells, or has no such header;
 * `integrity` for one that is not what was demanded; `out-of-memory` for one that does not fit.
 */
export async function readModel(
  source: ByteSource,
  memory: WebAssembly.Memory,
  { integrity, maxBytes = MAX_BYTES }: Demands,
  { signal, onProgress }: Hooks,
): Promise<LoadedModel> {
  const bytes = new ByteReader(source, signal);
  let buffer: ModelBuffer | undefined;
  try {
    const head = await readHead(bytes, source);
    const header = parseHeader(head, source.name);
    // On its way while the rows are; a failure is told by whoever waits for it.
    if (needsWhole(header)) wholeEngine().catch(() => {});
    if (header.metadata.parts) partsModule().catch(() => {});
    const start = head.length;
    const length = dataLength(header.tensors);
    const total = start + length;
    if (source.size !== undefined) expectLength(source.name, total, source.size);
    if (total > maxBytes) throw tooLarge(source.name, total, maxBytes);
    buffer = engineCall(() => new ModelBuffer(length));
    // The view is new for each use: the memory may have grown, and moved, in between.
    const view = (at: number, size: number): Uint8Array<ArrayBuffer> =>
      new Uint8Array(memory.buffer as ArrayBuffer, (buffer as ModelBuffer).pointer + at, size);
    onProgress?.({ loaded: start, total });
    for (let chunk = await bytes.next(); chunk; chunk = await bytes.next()) {
      const at = bytes.position - chunk.length - start;
      if (at + chunk.length > length) throw formatError(source.name, `${total} bytes`, "more");
      view(at, chunk.length).set(chunk);
      onProgress?.({ loaded: bytes.position, total });
    }
    expectLength(source.name, total, bytes.position);
    if (integrity !== undefined) await checkIntegrity(source.name, integrity, [head, view(0, length)]);
    return { header, buffer };
  } catch (error) {
    buffer?.free();
    throw error;
  } finally {
    await bytes.close();
  }
}

/** The 8 bytes of length and the header that they announce. */
async function readHead(bytes: ByteReader, { name, size = Infinity }: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  const prefix = await bytes.take(8);
  if (prefix.length < 8) throw formatError(name, "at least 8 bytes", `${prefix.length}`);
  if (prefix[0] === "<".charCodeAt(0)) throw formatError(name, "a safetensors file", "an HTML page");
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > MAX_HEADER || Number(length) > size - 8) {
    throw formatError(name, "a safetensors header inside the file", `a header of ${length} bytes`);
  }
  const json = await bytes.take(Number(length));
  if (json.length < length) throw formatError(name, `a header of ${length} bytes`, `${json.length}`);
  const head = new Uint8Array(8 + json.length);
  head.set(prefix);
  head.set(json, 8);
  return head;
}

/** Where the last tensor ends. All else about the tensors is checked by the engine. */
export const dataLength = (tensors: Header["tensors"]): number =>
  Object.values(tensors).reduce((end, tensor) => Math.max(end, tensor.data_offsets[1]), 0);

function parseHeader(head: Uint8Array, name: string): Header {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(head.subarray(8)));
  } catch (cause) {
    throw formatError(name, "a safetensors header of JSON", String(cause), cause);
  }
  if (typeof header !== "object" || header === null) throw formatError(name, "a safetensors header", "other JSON");
  const { __metadata__: metadata = {}, ...tensors } = header as Record<string, unknown>;
  const texts = typeof metadata === "object" && metadata && Object.values(metadata).every((v) => typeof v === "string");
  if (!texts) throw formatError(name, "strings as __metadata__", "something else");
  for (const [key, tensor] of Object.entries(tensors)) {
    if (!isTensor(tensor)) throw formatError(name, `dtype, shape and data_offsets of ${key}`, "something else");
  }
  return { metadata: metadata as Header["metadata"], tensors: tensors as Header["tensors"] };
}

const isTensor = (value: unknown): value is Tensor => {
  const { dtype, shape, data_offsets } = (value ?? {}) as Record<string, unknown>;
  return typeof dtype === "string" && areWhole(shape) && areWhole(data_offsets) && data_offsets.length === 2;
};

const areWhole = (numbers: unknown): numbers is number[] =>
  Array.isArray(numbers) && numbers.every((n) => Number.isSafeInteger(n) && n >= 0);

/** Tells the engine a header, entry by entry. */
export function tellHeader({ metadata, tensors }: Header): ModelHeader {
  const told = new ModelHeader();
  for (const [name, value] of Object.entries(metadata)) told.note(name, value);
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(tensors)) {
    told.tensor(name, dtype, Float64Array.from(shape), ...data_offsets);
  }
  return told;
}

async function checkIntegrity(name: string, expected: string, parts: BlobPart[]): Promise<void> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new FoldinError("unsupported", "integrity: checked on pages served over https or from localhost");
  const digest = new Uint8Array(await subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
  const found = `sha256-${btoa(String.fromCharCode(...digest))}`;
  if (found === expected) return;
  const remedy = "the file is not the one that was published: publish both again, or mend `integrity`";
  throw new FoldinError("integrity", `${name}: expected ${expected}, found ${found}; ${remedy}`);
}

function tooLarge(name: string, found: number, allowed: number): FoldinError {
  const remedy = "pack it with fewer bits a factor or fewer items, or raise `maxBytes` (2 GiB at most)";
  return new FoldinError("out-of-memory", `${name}: expected at most ${allowed} bytes, found ${found}; ${remedy}`);
}

function expectLength(name: string, expected: number, found: number): void {
  if (found !== expected) throw formatError(name, `${expected} bytes`, `${found}`);
}
