import { FoldinError } from "../errors.js";

/** Bytes from outside, in order, in chunks of any size. */
export interface ByteSource {
  /** What messages call it. */
  name: string;
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** How many there are, where that is known before they are read. */
  size?: number;
}

/** Awaits bytes from outside and names what kept them away. */
export async function arrival<T>(bytes: Promise<T> | T, name: string, signal?: AbortSignal): Promise<T> {
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

/** Reads a source in pieces of wanted size. */
export class ByteReader {
  /** How many bytes were handed out. */
  position = 0;
  readonly #name: string;
  readonly #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  #rest: Uint8Array = new Uint8Array();

  constructor({ name, chunks }: ByteSource, signal?: AbortSignal) {
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
    for (let missing = length; missing > 0;) {
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
