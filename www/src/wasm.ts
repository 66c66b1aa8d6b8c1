import { FoldinError } from "./errors.js";
import { isFile, readFile } from "./files.js";
import { __wbg_reset_state, Engine, initSync, ModelBuffer, ModelHeader, Question } from "./wasm/foldin.js";
import type * as full from "./wasm/foldin_full.js";

/** The engine's wasm: where it is, or what it is. */
export type WasmInput = string | BufferSource | WebAssembly.Module;

/** What JavaScript finds in a module of the engine that is running. */
export interface Wasm {
  memory: WebAssembly.Memory;
  ModelBuffer: typeof ModelBuffer;
  ModelHeader: typeof ModelHeader;
  Question: typeof Question;
  Engine: Pick<typeof Engine, "open">;
}

/** The same, of the module with all that few pages ask for. */
export interface FullWasm extends Wasm {
  Engine: Pick<typeof full.Engine, "open" | "fromFactors">;
  Training: typeof full.Training;
}

/** Named one by one, so that bundlers leave the rest out. */
const core = { __wbg_reset_state, Engine, initSync, ModelBuffer, ModelHeader, Question };

/** A module of the engine: its JavaScript, and where its wasm is for what this browser can. */
interface Code {
  glue: typeof core | Pick<typeof full, keyof typeof core>;
  address: (vectors: Vectors) => URL;
}

/** Vector instructions that a browser has: none, those of 2021, or those and relaxed ones. */
export type Vectors = 0 | 1 | 2;

/** Whether the browser takes a function of this code, which leaves a vector. */
const takes = (...code: number[]) => {
  const body = [0, ...code, 11];
  const before = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
  return WebAssembly.validate(Uint8Array.of(...before, body.length + 2, 1, body.length, ...body));
};

const zero = [65, 0, 253, 15];

/** By `i32x4.relaxed_dot_i8x16_i7x16_add_s` of zeros, and `i8x16.popcnt`. */
const vectors = (): Vectors => (takes(...zero, ...zero, ...zero, 253, 147, 2) ? 2 : takes(...zero, 253, 98) ? 1 : 0);

let traps = 0;

/** A module that is started once for everybody on this thread. A failed start may be tried again. */
class Starter<T extends Wasm> {
  readonly #load: () => Promise<Code>;
  #running: Promise<T> | undefined;
  /** The traps until the present instance was made. */
  #generation = 0;

  constructor(load: () => Promise<Code>) {
    this.#load = load;
  }

  start(input?: WasmInput): Promise<T> {
    if (this.#generation !== traps) this.#running = undefined;
    this.#running ??= this.#start(input).catch((cause: unknown) => {
      this.#running = undefined;
      const remedy =
        "serve wasm/ beside the script, and allow 'wasm-unsafe-eval' where a Content-Security-Policy is set";
      throw new FoldinError("network", `the engine did not start: ${String(cause)}; ${remedy}`, { cause });
    });
    return this.#running;
  }

  async #start(input?: WasmInput): Promise<T> {
    const { glue, address } = await this.#load();
    // The module is at hand already: a new instance of it, with a memory of its own, replaces the broken one.
    if (this.#generation !== traps) glue.__wbg_reset_state();
    this.#generation = traps;
    const { memory } = glue.initSync({ module: await compile(address, input) });
    return { ...glue, memory } as unknown as T;
  }
}

const at = (url: URL): BufferSource | Promise<Response> => (isFile(url) ? readFile(url) : fetch(url));

/** Compiles a module of the engine, unless it was handed over. */
export async function compile(address: Code["address"], input?: WasmInput): Promise<WebAssembly.Module> {
  const wasm = (
    typeof input === "object" ? input : await at(input ? new URL(input) : address(vectors()))
  ) as BufferSource | WebAssembly.Module | Response;
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (!(wasm instanceof Response)) return WebAssembly.compile(wasm);
  if (!wasm.ok) throw new Error(`${wasm.url} answered ${wasm.status}`);
  // As it arrives, from servers that know what wasm is.
  const streams = wasm.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(wasm) : WebAssembly.compile(await wasm.arrayBuffer());
}

/** What every page needs. Bundlers read the addresses. */
export const coreWasm = new Starter<Wasm>(async () => ({
  glue: core,
  address: (vectors) =>
    vectors > 1
      ? new URL("./wasm/foldin_relaxed_bg.wasm", import.meta.url)
      : vectors
        ? new URL("./wasm/foldin_bg.wasm", import.meta.url)
        : new URL("./wasm/foldin_plain_bg.wasm", import.meta.url),
}));

/** That, and what few pages ask for; fetched when they do. */
export const fullWasm = new Starter<FullWasm>(() => import("./full.js"));

/** Gives the wasm up after a trap: what is in its memory can be trusted no more. The next start makes it anew. */
export function giveUpWasm(): void {
  traps++;
}

/** Changes whenever the wasm was given up, and with it all engines in it. */
export const wasmGeneration = (): number => traps;
