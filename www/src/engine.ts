import { Catalog } from "./catalog.js";
import type { WasmInput } from "./compile.js";
import { isConstant, type ModelFile, openDelivery } from "./download.js";
import { type ErrorCode, FoldinError } from "./errors.js";
import type { TrainingInput } from "./made.js";
import { dataLength, type Header, type Hooks, readModel, tellHeader } from "./model.js";
import type { FactorsInput, ModelInfo, Precision } from "./types.js";
import { coreWasm, type FullWasm, fullWasm, giveUpWasm, type Wasm } from "./wasm.js";
import type { Engine } from "./wasm/foldin.js";
import type { Engine as FullEngine } from "./wasm/foldin_full.js";

/** Where a model comes from. */
export type ModelInput = ModelFile | FactorsInput | TrainingInput;

/** A model that was opened. */
export interface Opened {
  wasm: Wasm;
  engine: Engine;
  header: Header;
  catalog: Catalog;
  info: ModelInfo;
}

/** The same in the module with all that few pages ask for. */
export interface FullOpened extends Opened {
  wasm: FullWasm;
  engine: FullEngine;
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
    // The page's own.
    if (code === undefined) throw thrown;
    if (code === "argument") throw Object.assign(new RangeError(message), { field });
    throw new FoldinError(code as ErrorCode, message);
  }
}

/** What all calls come to after a trap. */
export const trapped = (cause?: unknown): FoldinError =>
  new FoldinError("trap", "the engine broke down; load the model again", { cause });

/**
 * Gets a model and opens it, and says whether its server should be asked, some time, if it has a newer one. With
 * `fresh` set a file comes from its server rather than from the browser's cache.
 */
export async function openEngine(
  model: ModelInput,
  input: WasmInput | undefined,
  hooks: Hooks,
  fresh = false,
  starter: { start(input?: WasmInput): Promise<Wasm> } = coreWasm,
): Promise<{ opened: Opened; mayAge: boolean }> {
  if ("training" in model || "factors" in model) {
    const { make } = await import("./made.js");
    return { opened: await make(model, input, hooks), mayAge: false };
  }
  const started = starter.start(input);
  // Should both fail, the delivery's error is the one to tell.
  started.catch(() => {});
  const delivery = await openDelivery(model, hooks, fresh);
  try {
    const wasm = await started;
    const { header, buffer } = await readModel(delivery.source, wasm, model, hooks);
    const { pointer } = buffer;
    const engine = engineCall(() => wasm.Engine.open(tellHeader(wasm, header), buffer));
    void delivery.copy?.accept();
    return { opened: describe(wasm, engine, header, pointer), mayAge: delivery.from === "cache" && !isConstant(model) };
  } catch (error) {
    delivery.stop?.();
    await delivery.copy?.reject();
    // The full module opens more models, and can say what is wrong with the others.
    if (isUntold(error)) return openEngine(model, undefined, hooks, fresh, fullWasm);
    // A copy may be from another version of foldin, or damaged: the server's file decides.
    if (delivery.from === "cache" && isBad(error)) return openEngine(model, input, hooks, true);
    throw error;
  }
}

export function describe(wasm: Wasm, engine: Engine, header: Header, pointer: number): Opened {
  return { wasm, engine, header, catalog: new Catalog(header, wasm.memory, pointer), info: infoOf(header) };
}

const PRECISIONS: Record<string, Precision> = { F32: "f32", F16: "f16", I8: "int8", U8: "int4" };

/** What a header that the engine has checked says of its model. */
function infoOf({ metadata, tensors }: Header): ModelInfo {
  const { dtype = "", shape: [items = 0, stored = 0] = [] } = tensors.item_factors ?? {};
  const precision = PRECISIONS[dtype] ?? "f32";
  const dim = precision === "int4" ? 2 * stored : stored;
  return { items, dim, precision, bytes: dataLength(tensors), metadata };
}

/** Whether the small module refused something: its errors have no messages, those of the full one do. */
export const isUntold = (error: unknown): boolean =>
  (error instanceof FoldinError || error instanceof RangeError) && error.message === "";

const isBad = (error: unknown): boolean =>
  error instanceof FoldinError && ["format", "version", "integrity"].includes(error.code);
