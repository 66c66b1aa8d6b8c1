import { fetched } from "../host/optional.js";
import { Catalog } from "./catalog.js";
import type { WasmInput } from "./compile.js";
import { delivered } from "./deliver.js";
import { isConstant, type ModelFile } from "./download.js";
import { type ErrorCode, FoldinError } from "../errors.js";
import type { FactorsModel } from "./factors.js";
import type { TrainingInput } from "../lazy/interactions.js";
import { dataLength, type Header, type Hooks, type LoadedModel, needsWhole, readModel, tellHeader } from "./model.js";
import type { ModelInfo, Precision } from "../types.js";
import { giveUpEngine, startEngine, wholeEngine } from "./wasm.js";
import { Engine } from "../wasm/foldin.js";

// The parts of a model are opened as a model is: one module lends the worker's own code to them.
export { Catalog, dataLength, delivered, readModel, startEngine, tellHeader, wholeEngine };

/** Where a model comes from. */
export type ModelInput = ModelFile | FactorsModel | TrainingInput;

/** A model that was opened. */
export interface Opened {
  engine: Engine;
  header: Header;
  catalog: Catalog;
  info: ModelInfo;
}

/** Calls into the engine. What it throws is a plain Error with `code` and `field`: here it gets its class. */
export function engineCall<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) {
      giveUpEngine();
      throw trapped(thrown);
    }
    throw typed(thrown);
  }
}

/** An error of any of the wasm modules with its class; what the page itself threw stays as it is. */
export function typed(thrown: unknown): unknown {
  const { message, code, field } = thrown as Error & { code?: string; field?: string };
  if (code === undefined) return thrown;
  if (code === "argument") return Object.assign(new RangeError(message), { field });
  return new FoldinError(code as ErrorCode, message);
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
): Promise<{ opened: Opened; mayAge: boolean }> {
  const started = startEngine(input);
  // Should the model's delivery fail, too, its error is the one to tell.
  started.catch(() => {});
  if ("training" in model) {
    const { train } = await fetched(() => import("../lazy/train.js"));
    return { opened: await open(await train(model, started, hooks), await started), mayAge: false };
  }
  if ("factors" in model) {
    const { pack } = await fetched(() => import("../lazy/pack.js"));
    return { opened: await open(await pack(model, started, hooks), await started), mayAge: false };
  }
  const { value: opened, from } = await delivered(model, hooks, fresh, async (source) => {
    const memory = await started;
    return open(await readModel(source, memory, model, hooks), memory);
  });
  return { opened, mayAge: from === "cache" && !isConstant(model) };
}

async function open({ header, buffer }: LoadedModel, memory: WebAssembly.Memory): Promise<Opened> {
  try {
    if (needsWhole(header)) await wholeEngine();
  } catch (error) {
    buffer.free();
    throw error;
  }
  const { pointer } = buffer;
  const engine = engineCall(() => Engine.open(tellHeader(header), buffer));
  return { engine, header, catalog: new Catalog(header, memory, pointer), info: infoOf(header) };
}

const PRECISIONS: Record<string, Precision> = { F32: "f32", F16: "f16", I8: "int8", U8: "int4" };

/** What a header that the engine has checked says of its model. */
export function infoOf({ metadata: { parts, whole_items, ...metadata }, tensors }: Header): ModelInfo {
  const { dtype = "", shape: [items = 0, stored = 0] = [] } = tensors.item_factors ?? {};
  const precision = PRECISIONS[dtype] ?? "f32";
  const dim = precision === "int4" ? 2 * stored : stored;
  const info = { items, dim, precision, bytes: dataLength(tensors), metadata };
  return parts ? { ...info, of: Number(whole_items) } : info;
}
