// An application with the packed package installed as any other.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../support/environment.mjs";

// Inside tests/apps/, so that the peers in its node_modules are found from there.
const folder = fileURLToPath(new URL("./tmp/", import.meta.url));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** What `npm pack` puts into the tarball, and where that is. */
export function pack() {
  mkdirSync(folder, { recursive: true });
  const args = ["pack", packageFolder(), "--json", "--pack-destination", folder];
  const [{ filename, files }] = JSON.parse(execFileSync(npm, args, { encoding: "utf8" }));
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

/** A fresh application of these files. `remove` takes it away again. */
export function createApp(files) {
  const { tarball } = pack();
  const root = mkdtempSync(join(folder, "app-"));
  writeFileSync(join(root, "package.json"), '{ "private": true, "type": "module" }');
  execFileSync(npm, ["install", tarball, "--offline", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: root });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
