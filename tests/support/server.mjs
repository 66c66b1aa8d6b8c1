// A static host for the tests: folders under prefixes, with single files replaced by other bytes.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** As strict as foldin promises to work under. */
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
/** With Trusted Types, by the package's own policy and the demo page's. */
export const TRUSTED = `${POLICY}; require-trusted-types-for 'script'; trusted-types foldin default`;

/**
 * Serves until closed. `folders` maps prefixes such as "/" to folders, `files` exact paths to bytes or to functions
 * that answer themselves. All of that, and the `policy` for scripts, may be changed meanwhile.
 */
export async function serve({ folders = {}, files = {} }) {
  const host = { folders, files, requests: [], policy: POLICY };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    host.requests.push(`${request.method} ${path}`);
    response.setHeader("content-security-policy", host.policy);
    // A sandboxed frame is of no origin.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader(
      "content-type",
      TYPES[extname(path)] ?? (path.endsWith("/") ? TYPES[".html"] : "application/octet-stream"),
    );
    const own = files[path];
    if (typeof own === "function") return own(response);
    if (own) return response.end(own);
    sendFile(response, folders, path);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  host.url = `http://127.0.0.1:${server.address().port}/`;
  host.close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return host;
}

function sendFile(response, folders, path) {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const prefix = prefixes.find((candidate) => path.startsWith(candidate));
  const inside = normalize(`/${path.slice(prefix?.length)}${path.endsWith("/") ? "index.html" : ""}`);
  const file = prefix && join(folders[prefix], inside);
  const size = file && statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return response.writeHead(404).end("not found");
  response.setHeader("content-length", size);
  createReadStream(file).pipe(response);
}
