// A static host as `foldin bundle` asks for one: compressed copies, and files that never change.

import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/** Serves a folder, and pages by their paths. */
export async function host(folder, pages) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    if (path in pages) return response.writeHead(200, { "content-type": "text/html" }).end(pages[path]);
    const file = join(folder, path);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    const copy = existsSync(`${file}.br`) ? `${file}.br` : file;
    const pinned = /\/(models|foldin|peer)\//.test(path);
    response.writeHead(200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "content-length": statSync(copy).size,
      "cache-control": pinned ? "public, max-age=31536000, immutable" : "no-cache",
      ...(copy !== file && { "content-encoding": "br" }),
    });
    createReadStream(copy).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
