// The wasm modules, each of the build that this browser runs best.

import { fetched } from "../host/optional.js";
import { FoldinError } from "../errors.js";
import { isFile } from "./files.js";

/** The engine's wasm: where it is, or what it is. */
export type WasmInput = string | BufferSource | WebAssembly.Module;

/** Vector instructions that a browser has: none, those of 2021, or those and relaxed ones. */
type Vectors = 0 | 1 | 2;

/** Whether the browser takes a function of this code, which leaves a vector. */
const takes = (...code: number[]) => {
  const body = [0, ...code, 11];
  const before = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
  return WebAssembly.validate(Uint8Array.of(...before, body.length + 2, 1, body.length, ...body));
};

const zero = [65, 0, 253, 15];

/** By `i32x4.relaxed_dot_i8x16_i7x16_add_s` of zeros, and `i8x16.popcnt`. */
const vectors = (): Vectors => (takes(...zero, ...zero, ...zero, 253, 147, 2) ? 2 : takes(...zero, 253, 98) ? 1 : 0);

const at = async (url: URL): Promise<BufferSource | Response> =>
  isFile(url) || !(globalThis.location || url.href.startsWith("http"))
    ? (await fetched(() => import("../host/local.js"))).readWasm(url)
    : fetch(url);

async function compile(address: (vectors: Vectors) => URL, input?: WasmInput): Promise<WebAssembly.Module> {
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

/** A module of the engine, once it is asked for. */
export type Compiled = (input?: WasmInput) => Promise<WebAssembly.Module>;

/** A module that is compiled once for everybody on this thread, or handed over by the first. A failure may be tried again. */
export function compileOnce(address: (vectors: Vectors) => URL): Compiled {
  let module: Promise<WebAssembly.Module> | undefined;
  return (input) => {
    if (module) return module;
    module = compile(address, input).catch((cause: unknown) => {
      module = undefined;
      if (cause instanceof FoldinError) throw cause;
      const remedy = "serve wasm/ beside the script, and allow 'wasm-unsafe-eval' where a Content-Security-Policy is set";
      throw new FoldinError("network", `a part of the engine did not load: ${String(cause)}; ${remedy}`, { cause });
    });
    return module;
  };
}

/** The engine. Bundlers read the addresses. */
export const engineModule = compileOnce((vectors) =>
  vectors > 1
    ? new URL("../wasm/foldin_relaxed_bg.wasm", import.meta.url)
    : vectors
      ? new URL("../wasm/foldin_simd_bg.wasm", import.meta.url)
      : new URL("../wasm/foldin_plain_bg.wasm", import.meta.url),
);
