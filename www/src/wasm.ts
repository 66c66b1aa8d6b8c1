import { FoldinError } from "./errors.js";
import { isFile, readFile } from "./files.js";
import init, { __wbg_reset_state } from "./wasm/foldin.js";

/** The engine's wasm: where it is, or what it is. */
export type WasmInput = string | BufferSource | WebAssembly.Module;

let memory: Promise<WebAssembly.Memory> | undefined;
let broken = false;
let traps = 0;

/** Starts the engine's wasm, once for everybody on this thread; a failed start may be tried again. */
export function startWasm(input?: WasmInput): Promise<WebAssembly.Memory> {
  memory ??= start(input).catch((cause: unknown) => {
    memory = undefined;
    const remedy =
      "serve wasm/ beside the script, and allow 'wasm-unsafe-eval' where a Content-Security-Policy is set";
    throw new FoldinError("network", `the engine did not start: ${String(cause)}; ${remedy}`, { cause });
  });
  return memory;
}

async function start(input?: WasmInput): Promise<WebAssembly.Memory> {
  // The module is at hand already: a new instance of it, with a memory of its own, replaces the broken one.
  if (broken) __wbg_reset_state();
  broken = false;
  if (typeof input === "object") return (await init({ module_or_path: input })).memory;
  const url = input === undefined ? moduleUrl() : new URL(input);
  return (await init({ module_or_path: isFile(url) ? readFile(url) : url })).memory;
}

/** A module that uses one vector instruction: `i8x16.popcnt` of a splat zero. */
const VECTORS = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** The engine with vector instructions where there are any, the plain one elsewhere. Bundlers read these addresses. */
const moduleUrl = (): URL =>
  WebAssembly.validate(VECTORS)
    ? new URL("./wasm/foldin_bg.wasm", import.meta.url)
    : new URL("./wasm/foldin_plain_bg.wasm", import.meta.url);

/** Gives the wasm up after a trap: what is in its memory can be trusted no more. The next start makes it anew. */
export function giveUpWasm(): void {
  memory = undefined;
  broken = true;
  traps++;
}

/** Changes whenever the wasm was given up, and with it all engines in it. */
export const wasmGeneration = (): number => traps;
