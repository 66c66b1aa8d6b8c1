// Files, where there are any. Node's modules are asked for at run time, so that no bundler looks for them.

import { FoldinError } from "./errors.js";

interface NodeFileSystem {
  readFileSync(url: URL): Uint8Array<ArrayBuffer>;
  createReadStream(url: URL, options: { signal?: AbortSignal }): AsyncIterable<Uint8Array>;
}

interface NodeUrl {
  pathToFileURL(path: string): URL;
}

type Builtin = <T>(name: string) => T;

const builtin = (): Builtin | undefined =>
  (globalThis as { process?: { getBuiltinModule?: Builtin } }).process?.getBuiltinModule;

const fileSystem = (url: URL): NodeFileSystem => {
  const fs = builtin()?.<NodeFileSystem>("node:fs");
  if (!fs) throw new FoldinError("unsupported", `${url}: this environment reads no files; serve it over http`);
  return fs;
};

/** Whether the address is one of a local file. */
export const isFile = (url: URL): boolean => url.protocol === "file:";

/** A whole file. */
export const readFile = (url: URL): Uint8Array<ArrayBuffer> => fileSystem(url).readFileSync(url);

/** A file in chunks. */
export const streamFile = (url: URL, signal?: AbortSignal): AsyncIterable<Uint8Array> =>
  fileSystem(url).createReadStream(url, signal ? { signal } : {});

/** An absolute address: relative to the page in a browser; in Node a path counts as one of a file. */
export function resolve(address: string | URL): URL {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (base || address instanceof URL || URL.canParse(address)) return new URL(address, base);
  const url = builtin()?.<NodeUrl>("node:url");
  return url ? url.pathToFileURL(address) : new URL(address);
}
