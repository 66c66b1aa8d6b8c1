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
      "serve wasm/foldin_bg.wasm beside the script, and allow 'wasm-unsafe-eval' where a Content-Security-Policy is set";
    throw new FoldinError("network", `the engine did not start: ${String(cause)}; ${remedy}`, { cause });
  });
  return memory;
}

async function start(input?: WasmInput): Promise<WebAssembly.Memory> {
  // The module is at hand already: a new instance of it, with a memory of its own, replaces the broken one.
  if (broken) __wbg_reset_state();
  broken = false;
  if (typeof input === "object") return (await init({ module_or_path: input })).memory;
  const url = input === undefined ? new URL("./wasm/foldin_bg.wasm", import.meta.url) : new URL(input);
  return (await init({ module_or_path: isFile(url) ? readFile(url) : url })).memory;
}

/** Gives the wasm up after a trap: what is in its memory can be trusted no more. The next start makes it anew. */
export function giveUpWasm(): void {
  memory = undefined;
  broken = true;
  traps++;
}

/** Changes whenever the wasm was given up, and with it all engines in it. */
export const wasmGeneration = (): number => traps;
