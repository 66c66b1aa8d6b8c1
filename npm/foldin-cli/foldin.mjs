#!/usr/bin/env node
// The command: one WebAssembly module with this process's arguments, environment, streams and files.

import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import { setFlagsFromString } from "node:v8";
import { roots, toGuest } from "./paths.mjs";
import { refuse } from "./refuse.mjs";
import { withStreams } from "./streams.mjs";

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) refuse(`Node 20 or newer is needed, this is ${process.version}; install it from nodejs.org`);

/** Compiles `foldin.wasm`. Vectors with fused multiply-add are behind a flag in Node 20 and on in those after it. */
function compile() {
  if (major === 20) setFlagsFromString("--experimental-wasm-relaxed-simd");
  return new WebAssembly.Module(readFileSync(new URL("./foldin.wasm", import.meta.url)));
}

/** Node's WASI, without the warning that it may change: this package is tested with each Node it names. */
async function wasi(options) {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("WASI ")) emitWarning.call(process, warning, ...rest);
  };
  const { WASI } = await import("node:wasi");
  return new WASI({ version: "preview1", returnOnExit: true, ...options });
}

/** How wide the terminal is, where help is shown in one: the system call for it is missing in WASI. */
const width = () => (isatty(1) ? { COLUMNS: String(process.stdout.columns) } : {});

const folder = toGuest(process.cwd());
const system = await wasi({
  args: ["foldin", ...process.argv.slice(2).map(toGuest)],
  env: { ...process.env, ...width(), PWD: folder, FOLDIN_PROCESS: String(process.pid) },
  preopens: roots(),
});

try {
  const { wasi_snapshot_preview1: calls } = system.getImportObject();
  let memory;
  const imports = { wasi_snapshot_preview1: withStreams(calls, () => memory.buffer) };
  const instance = new WebAssembly.Instance(compile(), imports);
  ({ memory } = instance.exports);
  process.exitCode = system.start(instance);
} catch (error) {
  // A panic or a memory that is full has said why on stderr.
  if (error instanceof WebAssembly.RuntimeError && error.message === "unreachable") {
    refuse("it ended early; where memory was full (WebAssembly has 4 GB), the native command has more: cargo install foldin-cli");
  }
  refuse(`${error.message}; Node 20 or newer runs this command`);
}
