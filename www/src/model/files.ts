// Addresses, also of files, where there are any.

interface NodeUrl {
  pathToFileURL(path: string): URL;
}

/** Whether the address is one of a local file. */
export const isFile = (url: URL): boolean => url.protocol === "file:";

/** An absolute address: relative to the page in a browser; in Node a path counts as one of a file. */
export function resolve(address: string | URL): URL {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  if (base || address instanceof URL || URL.canParse(address)) return new URL(address, base);
  // Asked for at run time, so that no bundler looks for it.
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: "node:url") => NodeUrl } };
  const url = process?.getBuiltinModule?.("node:url");
  return url ? url.pathToFileURL(address) : new URL(address);
}
