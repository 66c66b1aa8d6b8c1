// How a recommender comes to be: a host that has opened the model, and what stands in for it when it fails.

import { engineModule } from "../model/compile.js";
import type { ModelFile } from "../model/download.js";
import type { ModelInput } from "../model/engine.js";
import type { FoldinError } from "../errors.js";
import type { Pull } from "../model/factors.js";
import type { Host, Notify } from "../host/host.js";
import { fetched, tellMissing } from "../host/optional.js";
import { startRemoteHost } from "../host/remote.js";
import { fileInput, hooksOf, versionOf } from "./input.js";
import type { Trial } from "../lazy/shop/experiment.js";
import { Meter } from "./metrics.js";
import { NoticeBoard } from "./notices.js";
import type { HostOptions, LoadOptions, ModelInfo, StorageState } from "../types.js";

/** What a recommender is made of. */
export interface Parts {
  host: Host;
  board: NoticeBoard;
  meter: Meter;
  storage: StorageState;
  /** Stands in for the engine when it fails, if there is something to stand in. */
  spare: ((cause: unknown) => Promise<Host>) | undefined;
  /** Which variant of an experiment the visitor has. */
  tried: Trial | undefined;
  placements: HostOptions["placements"];
}

/** What was opened. */
export interface Opening {
  parts: Parts;
  info: ModelInfo;
  /** The version that the file's name tells, if it does. */
  version: string;
  /** Whether the host works elsewhere. */
  worker: boolean;
  options: HostOptions;
}

/** Placements, experiments, fallbacks: what few pages ask for. */
export const shopModule = () => fetched(() => import("../lazy/shop/index.js"));

/** Opens a model, here or in a worker. */
export async function open(
  source: ModelInput | Promise<ModelInput>,
  options: LoadOptions,
  pull?: Pull,
): Promise<Opening> {
  const { worker, profile, events: weights, prior, words, parts: amount, wasm, placements, experiment, fallback } = options;
  if (isPrivate(options)) options = { ...options, report: () => {} };
  const board = new NoticeBoard();
  const storage: StorageState = { persistent: false };
  const tried = experiment && new (await shopModule()).Trial(experiment, profile !== undefined);
  const spare =
    fallback === undefined
      ? undefined
      : async (cause: unknown): Promise<Host> => (await shopModule()).fallbackHost(fallback, cause);
  const meter = new Meter();
  const parts = { board, meter, storage, placements, tried, spare };
  board.on("storage", (storage) => Object.assign(parts, { storage }));
  const table = words === undefined ? undefined : (fileInput(words, {}) as ModelFile);
  const engine = wasm instanceof URL ? wasm.href : wasm;
  // A file's engine is on its way while the host's code is.
  if (!worker && ("url" in source || "bytes" in source)) void engineModule(engine);
  const remote = worker ? startRemoteHost(board.notify) : undefined;
  const host = remote ?? (await localHost(board.notify));
  if (worker && !remote) void tellMissing("worker", board.notify);
  try {
    const model = await source;
    const input = { model, profile, weights, prior, words: table, parts: amount, wasm: engine };
    const info = await meter.time("load", () => host.open(input, hooksOf({ ...options, ...(pull && { pull }) })));
    return { parts: Object.assign(parts, { host }), info, version: versionOf(model), worker: !!remote, options };
  } catch (error) {
    options.report?.(meter.report(versionOf(source as ModelInput), meter.snapshot(1, { hits: 0, misses: 0 })));
    await host.close();
    if (!spare || (error as FoldinError).code === "aborted") throw error;
    const other = await spare(error);
    const info = await other.open({} as never, {});
    return { parts: { ...parts, host: other }, info, version: "", worker: false, options };
  }
}

/** Whether the browser says that nothing is to be told about its visitor, and nobody overrules it. */
const isPrivate = ({ privacyControl }: HostOptions): boolean =>
  privacyControl !== "ignore" &&
  Boolean((globalThis.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl);

/** The host on this thread; its code loads when it is asked for, as a page with a worker never needs it. */
async function localHost(notify: Notify): Promise<Host> {
  const { LocalHost } = await fetched(() => import("../host/host.js"));
  return new LocalHost(notify);
}
