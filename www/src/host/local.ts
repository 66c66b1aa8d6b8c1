// Reads local files, where that can be done; a chunk of its own, which no page on a server asks for.

import { FoldinError } from "../errors.js";

interface NodeFileSystem {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>;
  createReadStream(url: URL, options: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;
}

const fileSystem = (url: URL): NodeFileSystem => {
  // Asked for at run time, so that no bundler looks for it.
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: "node:fs") => NodeFileSystem } };
  const fs = process?.getBuiltinModule?.("node:fs");
  if (!fs) throw new FoldinError("unsupported", `${url}: this environment reads no files; serve it over http`);
  return fs;
};

/** A whole file. */
export const readFile = (url: URL): Uint8Array<ArrayBuffer> => fileSystem(url).readFileSync(url);

/** A file in chunks. */
export const streamFile = (url: URL, signal?: AbortSignal): AsyncIterable<Uint8Array> =>
  fileSystem(url).createReadStream(url, signal ? { signal } : {});
