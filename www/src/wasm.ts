import { type Compiled, coreModule, type WasmInput } from "./compile.js";
import { FoldinError } from "./errors.js";
import { __wbg_reset_state, Engine, initSync, ModelBuffer, ModelHeader, Question } from "./wasm/foldin.js";
import type * as full from "./wasm/foldin_full.js";

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

/** A module of the engine: its JavaScript, and its wasm. */
interface Code {
  glue: typeof core | Pick<typeof full, keyof typeof core>;
  compiled: Compiled;
}

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
    const { glue, compiled } = await this.#load();
    // A new instance of the module, with a memory of its own, replaces the broken one.
    if (this.#generation !== traps) glue.__wbg_reset_state();
    this.#generation = traps;
    const { memory } = glue.initSync({ module: await compiled(input) });
    return { ...glue, memory } as unknown as T;
  }
}

/** What every page needs. */
export const coreWasm = new Starter<Wasm>(async () => ({ glue: core, compiled: coreModule }));

/** That, and what few pages ask for; fetched when they do. */
export const fullWasm = new Starter<FullWasm>(() => import("./full.js"));

/** Gives the wasm up after a trap: what is in its memory can be trusted no more. The next start makes it anew. */
export function giveUpWasm(): void {
  traps++;
}

/** Changes whenever the wasm was given up, and with it all engines in it. */
export const wasmGeneration = (): number => traps;
