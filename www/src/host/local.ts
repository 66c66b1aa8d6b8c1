// Reads local files, where that can be done; a chunk of its own, which no page on a server asks for.

import { FoldinError } from "../errors.js";

interface NodeFileSystem {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>;
  createReadStream(url: URL, options: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;
}

interface NodeProcess {
  cwd(): string;
  getBuiltinModule(name: "node:module"): { createRequire(from: string): { resolve(name: string): string } };
  getBuiltinModule(name: "node:url"): { pathToFileURL(path: string): URL };
}

const fileSystem = (url: URL): NodeFileSystem => {
  // Asked for at run time, so that no bundler looks for it.
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: "node:fs") => NodeFileSystem } };
  const fs = process?.getBuiltinModule?.("node:fs");
  if (!fs) throw new FoldinError("unsupported", `${url}: this environment reads no files; serve it over http`);
  return fs;
};

/**
 * A file of the package's wasm. Bundlers give code of a server the address that their pages use, so that the file may
 * not be there: then the installed package has it.
 */
export function readWasm(url: URL): Uint8Array<ArrayBuffer> {
  const files = fileSystem(url);
  try {
    return files.readFileSync(url);
  } catch {
    return files.readFileSync(installed(/foldin\w*_bg/.exec(url.href)?.[0] ?? ""));
  }
}

function installed(name: string): URL {
  const { process } = globalThis as unknown as { process: NodeProcess };
  try {
    const entry = process.getBuiltinModule("node:module").createRequire(`${process.cwd()}/`).resolve("foldin");
    return new URL(`wasm/${name}.wasm`, process.getBuiltinModule("node:url").pathToFileURL(entry));
  } catch (cause) {
    const remedy = 'Next: serverExternalPackages: ["foldin"]; Vite: ssr: { external: ["foldin"] }';
    const message = `${name}.wasm is not where the server's bundle has it; keep foldin out of that bundle (${remedy})`;
    throw new FoldinError("unsupported", message, { cause });
  }
}

/** A file in chunks. */
export const streamFile = (url: URL, signal?: AbortSignal): AsyncIterable<Uint8Array> =>
  fileSystem(url).createReadStream(url, signal ? { signal } : {});
