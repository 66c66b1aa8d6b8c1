// The small part of the lab: what is asked before the first event. It opens the tensors that a question needs, copied
// out of the engine's memory, and ends with the answer. A chunk of its own.

import { compileOnce } from "../model/compile.js";
import { type Opened, typed } from "../model/engine.js";
import type { Header } from "../model/model.js";
import { __wbg_reset_state, initSync, Part } from "../wasm/foldin_lab.js";

/** Bundlers read the addresses. */
const labModule = compileOnce((vectors) =>
  vectors
    ? new URL("../wasm/foldin_lab_bg.wasm", import.meta.url)
    : new URL("../wasm/foldin_lab_plain_bg.wasm", import.meta.url),
);

/** Asks the lab about the tensors of a model whose names one of the prefixes begins. */
export async function askLab<T>(opened: () => Opened, prefixes: string[], ask: (part: Part) => T): Promise<T> {
  const { memory } = initSync({ module: await labModule() });
  try {
    return ask(partOf(opened(), prefixes, memory));
  } catch (thrown) {
    throw typed(thrown);
  } finally {
    // The memory goes with the instance.
    __wbg_reset_state();
  }
}

function partOf({ header, catalog, info }: Opened, prefixes: string[], memory: WebAssembly.Memory): Part {
  const wanted = Object.entries(header.tensors).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
  const part = new Part(info.dim, lengthOf(wanted));
  let end = 0;
  // Wide numbers lie before narrow ones, as in the file, so that each is aligned.
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of wanted.sort(byOffset)) {
    const start = end;
    end += to - from;
    new Uint8Array(memory.buffer, part.pointer + start, to - from).set(catalog.bytes(from, to));
    part.tensor(name, dtype, Float64Array.from(shape), start, end);
  }
  for (const [name, value] of Object.entries(header.metadata)) part.note(name, value);
  return part;
}

type Entry = [string, Header["tensors"][string]];

const lengthOf = (entries: Entry[]): number =>
  entries.reduce((sum, [, { data_offsets: [from, to] }]) => sum + to - from, 0);

const byOffset = ([, a]: Entry, [, b]: Entry): number => a.data_offsets[0] - b.data_offsets[0];
