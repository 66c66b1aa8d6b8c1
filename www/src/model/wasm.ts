// The engine, once for everybody on this thread: what every page runs, and the rest as soon as something asks for it.

import { compileOnce, engineModule, type WasmInput } from "./compile.js";
import { __wbg_reset_state, type InitOutput, initSync } from "../wasm/foldin.js";

let traps = 0;
/** The traps until the present instance was made. */
let generation = 0;
let running: Promise<WebAssembly.Memory> | undefined;
let engine: InitOutput;
let whole: Promise<unknown> | undefined;

/** What belongs to the engine that runs, whose build an export tells. Bundlers read the addresses. */
const restModule = compileOnce(() =>
  "relaxed" in engine
    ? new URL("../wasm/foldin_relaxed_rest_bg.wasm", import.meta.url)
    : "simd" in engine
      ? new URL("../wasm/foldin_simd_rest_bg.wasm", import.meta.url)
      : new URL("../wasm/foldin_plain_rest_bg.wasm", import.meta.url),
);

/** Starts the engine and returns its memory. A failed start may be tried again. */
export function startEngine(input?: WasmInput): Promise<WebAssembly.Memory> {
  if (generation !== traps) running = undefined;
  running ??= start(input).catch((cause: unknown) => {
    running = undefined;
    throw cause;
  });
  return running;
}

async function start(input?: WasmInput): Promise<WebAssembly.Memory> {
  const module = await engineModule(input);
  // A new instance, with a memory of its own, replaces the broken one.
  if (generation !== traps) __wbg_reset_state();
  generation = traps;
  whole = undefined;
  engine = initSync({ module });
  return engine.memory;
}

/**
 * Brings in what only some pages ask of the engine: `REST` in xtask/src/wasm.rs lists it. An engine that the page
 * handed over has all of it.
 */
export async function wholeEngine(): Promise<void> {
  if (!["relaxed", "simd", "plain"].some((build) => build in engine)) return;
  whole ??= join().catch((cause: unknown) => {
    whole = undefined;
    throw cause;
  });
  await whole;
}

async function join(): Promise<void> {
  const first = engine as unknown as WebAssembly.ModuleImports;
  await WebAssembly.instantiate(await restModule(), { first });
}

/** Gives the engine up after a trap: what is in its memory can be trusted no more. The next start makes it anew. */
export function giveUpEngine(): void {
  traps++;
}

/** Changes whenever the engine was given up, and with it all models in it. */
export const engineGeneration = (): number => traps;
