// A table of words on its way from its file into a module of its own: a safetensors file, see FORMAT.md.

import { FoldinError } from "../errors.js";
import { ByteReader } from "../model/bytes.js";
import { compileOnce } from "../model/compile.js";
import { openDelivery, type ModelFile } from "../model/download.js";
import { initSync, Words } from "../wasm/foldin_words.js";
import type { Rules } from "./words-plain.js";

/** Bundlers read the addresses. */
const wordsModule = compileOnce((vectors) =>
  vectors
    ? new URL("../wasm/foldin_words_bg.wasm", import.meta.url)
    : new URL("../wasm/foldin_words_plain_bg.wasm", import.meta.url),
);

/** The most bytes of a table. */
const MOST = 64e6;

const DATA = { U8: Uint8Array, U32: Uint32Array, F32: Float32Array };

/** A table that has arrived. */
export interface Table {
  words: Words;
  rules: Rules;
  /** What tells it from others. */
  id: string;
}

/** Fetches a table, or takes it from the browser's cache, and checks it. Of a bad copy the server's file decides. */
export async function readTable(file: ModelFile, fresh = false): Promise<Table> {
  const { source, from, copy } = await openDelivery(file, {}, fresh);
  const reader = new ByteReader(source);
  try {
    const bytes = await reader.take(MOST + 1);
    if (bytes.length > MOST) throw wrong(source.name, `at most ${MOST} bytes`, "more");
    const table = await tableOf(bytes, source.name);
    void copy?.accept();
    return table;
  } catch (error) {
    await copy?.reject();
    if (from === "cache" && (error as FoldinError).code === "format") return await readTable(file, true);
    throw error;
  } finally {
    await reader.close();
  }
}

async function tableOf(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Table> {
  const module = await wordsModule();
  const { __metadata__: metadata = {}, ...tensors } = headerOf(bytes, name) as Header;
  for (const [key, expected] of Object.entries({ format: "foldin-words", format_version: "1" })) {
    if (metadata[key] !== expected) throw wrong(name, `${key} ${expected}`, metadata[key] ?? "none");
  }
  const { id = "", dim, bits, ...rest } = metadata;
  const start = bytes.length - Math.max(...Object.values(tensors).map((tensor) => tensor?.data_offsets?.[1] ?? 0));
  const tensor = <T extends keyof typeof DATA>(tensorName: string, dtype: T): InstanceType<(typeof DATA)[T]> => {
    const { dtype: found, data_offsets: [from = 0, to = 0] = [] } = tensors[tensorName] ?? {};
    const Data = DATA[dtype];
    const inside = 0 <= from && from <= to && start + to <= bytes.length && (to - from) % Data.BYTES_PER_ELEMENT === 0;
    if (found !== dtype || !inside) throw wrong(`${name}: ${tensorName}`, `a tensor of ${dtype}`, found ?? "none");
    return new Data(bytes.slice(start + from, start + to).buffer) as InstanceType<(typeof DATA)[T]>;
  };
  const is = (rule: string): boolean => {
    if (rest[rule] !== "true" && rest[rule] !== "false") throw wrong(`${name}: ${rule}`, "true or false", rest[rule] ?? "none");
    return rest[rule] === "true";
  };
  const rules = {
    clean_text: is("clean_text"),
    chinese_characters: is("chinese_characters"),
    strip_accents: is("strip_accents"),
    lowercase: is("lowercase"),
  };
  initSync({ module });
  try {
    const parts = [tensor("words.tokens", "U8"), tensor("words.tokens.offsets", "U32")] as const;
    const rows = [tensor("words.rows", "U8"), tensor("words.scales", "F32")] as const;
    return { words: new Words(...parts, ...rows, Number(dim), Number(bits)), rules, id };
  } catch (thrown) {
    throw damaged(`${name}: ${String(thrown)}, found others`);
  }
}

interface Header {
  __metadata__?: Record<string, string>;
  [tensor: string]: { dtype?: string; data_offsets?: number[] } | undefined;
}

/** The JSON that the first 8 bytes tell the length of. */
function headerOf(bytes: Uint8Array<ArrayBuffer>, name: string): object {
  try {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    if (length > bytes.length - 8) throw new RangeError(`a header of ${length} bytes`);
    return Object(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)))) as object;
  } catch (cause) {
    throw wrong(name, "a table of words, a safetensors file", (cause as Error).message);
  }
}

const wrong = (what: string, expected: string, found: string): FoldinError =>
  damaged(`${what}: expected ${expected}, found ${found}`);

const damaged = (message: string): FoldinError =>
  new FoldinError("format", `${message}; make the table again with \`foldin words\``);
