import { FoldinError } from "./errors.js";
import { isFile, readFile } from "./files.js";
import init from "./wasm/foldin.js";

let memory: Promise<WebAssembly.Memory> | undefined;

/** Starts the engine's wasm, once for everybody on this thread; a failed start may be tried again. */
export function startWasm(): Promise<WebAssembly.Memory> {
  memory ??= start().catch((cause: unknown) => {
    memory = undefined;
    const remedy =
      "serve wasm/foldin_bg.wasm beside the script, and allow 'wasm-unsafe-eval' where a Content-Security-Policy is set";
    throw new FoldinError("network", `the engine did not start: ${String(cause)}; ${remedy}`, { cause });
  });
  return memory;
}

async function start(): Promise<WebAssembly.Memory> {
  const url = new URL("./wasm/foldin_bg.wasm", import.meta.url);
  const module_or_path = isFile(url) ? await readFile(url) : url;
  return (await init({ module_or_path })).memory;
}
