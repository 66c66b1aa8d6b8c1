// The engine, once for everybody on this thread.

import { engineModule, type WasmInput } from "./compile.js";
import { FoldinError } from "./errors.js";
import { __wbg_reset_state, initSync } from "./wasm/foldin.js";

let traps = 0;
/** The traps until the present instance was made. */
let generation = 0;
let running: Promise<WebAssembly.Memory> | undefined;

/** Starts the engine and returns its memory. A failed start may be tried again. */
export function startEngine(input?: WasmInput): Promise<WebAssembly.Memory> {
  if (generation !== traps) running = undefined;
  running ??= start(input).catch((cause: unknown) => {
    running = undefined;
    const remedy = "serve wasm/ beside the script, and allow 'wasm-unsafe-eval' where a Content-Security-Policy is set";
    throw new FoldinError("network", `the engine did not start: ${String(cause)}; ${remedy}`, { cause });
  });
  return running;
}

async function start(input?: WasmInput): Promise<WebAssembly.Memory> {
  const module = await engineModule(input);
  // A new instance, with a memory of its own, replaces the broken one.
  if (generation !== traps) __wbg_reset_state();
  generation = traps;
  return initSync({ module }).memory;
}

/** Gives the engine up after a trap: what is in its memory can be trusted no more. The next start makes it anew. */
export function giveUpEngine(): void {
  traps++;
}

/** Changes whenever the engine was given up, and with it all models in it. */
export const engineGeneration = (): number => traps;
