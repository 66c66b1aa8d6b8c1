import { isConstant, type ModelFile, openDelivery } from "./download.js";
import { type ErrorCode, FoldinError } from "./errors.js";
import { type Hooks, readModel } from "./model.js";
import type { FactorsInput } from "./types.js";
import { giveUpWasm, startWasm, type WasmInput } from "./wasm.js";
import { Engine } from "./wasm/foldin.js";

/** Where a model comes from. */
export type ModelInput = ModelFile | FactorsInput;

/** An opened model. */
export interface Opened {
  engine: Engine;
  /** Whether its server should be asked, some time, if it has a newer one. */
  mayAge: boolean;
}

/** Calls into the engine. What it throws is a plain Error with `code` and `field`: here it gets its class. */
export function engineCall<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) {
      giveUpWasm();
      throw trapped(thrown);
    }
    const { message, code, field } = thrown as Error & { code?: string; field?: string };
    if (code === "argument") throw Object.assign(new RangeError(message), { field });
    throw new FoldinError(code as ErrorCode, message);
  }
}

/** What all calls come to after a trap. */
export const trapped = (cause?: unknown): FoldinError =>
  new FoldinError("trap", "the engine broke down; load the model again", { cause });

/** Gets a model and opens it. With `fresh` set a file comes from its server rather than from the browser's cache. */
export async function openEngine(
  model: ModelInput,
  wasm: WasmInput | undefined,
  hooks: Hooks,
  fresh = false,
): Promise<Opened> {
  if ("factors" in model) {
    await startWasm(wasm);
    const { factors, dim, ids, precision } = model;
    return { engine: engineCall(() => Engine.fromFactors(factors, dim, ids, precision)), mayAge: false };
  }
  const started = startWasm(wasm);
  // Should both fail, the delivery's error is the one to tell.
  started.catch(() => {});
  const delivery = await openDelivery(model, hooks, fresh);
  try {
    const { header, buffer } = await readModel(delivery.source, await started, model, hooks);
    const engine = engineCall(() => Engine.open(header, buffer));
    void delivery.copy?.accept();
    return { engine, mayAge: delivery.from === "cache" && !isConstant(model) };
  } catch (error) {
    delivery.stop?.();
    await delivery.copy?.reject();
    // A copy may be from another version of foldin, or damaged: the server's file decides.
    if (delivery.from === "cache" && isBad(error)) return openEngine(model, wasm, hooks, true);
    throw error;
  }
}

const isBad = (error: unknown): boolean =>
  error instanceof FoldinError && ["format", "version", "integrity"].includes(error.code);
