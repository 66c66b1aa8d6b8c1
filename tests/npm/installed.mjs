// The command as people get it: packed, installed into an empty folder, with Node alone on the path.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `cargo xtask dist` leaves the packages. */
export const packages = fileURLToPath(new URL("../../target/npm/", import.meta.url));

/** Node, npm and the system's own tools; no Rust. */
const system = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
export const environment = { ...process.env, PATH: system, NO_COLOR: "1", CARGO_HOME: undefined, RUSTUP_HOME: undefined };

/** The path of the newest tarball of a package. */
export const tarball = (name) => {
  const found = readdirSync(packages).find((file) => new RegExp(`^${name}-\\d.*\\.tgz$`).test(file));
  assert.ok(found, `no ${name}-*.tgz in ${packages}: run cargo xtask dist`);
  return join(packages, found);
};

/** A fresh folder, and what takes it away again. */
export function emptyFolder() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "foldin-npm-")));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Installs the packed command into a folder; the path that npm gives it there. */
export function install(folder) {
  for (const tool of ["cargo", "rustc"]) {
    assert.throws(() => execFileSync("which", [tool], { env: environment, stdio: "ignore" }), `${tool} is on the path`);
  }
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const options = ["--offline", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", tarball("foldin-cli"), ...options], { cwd: folder, env: environment, stdio: "ignore" });
  const command = join(folder, "node_modules/.bin/foldin");
  accessSync(command, constants.X_OK);
  return command;
}

/** What a command with its words says and ends with. */
export function run(command, cwd, words) {
  const options = { cwd, env: environment, encoding: "utf8", maxBuffer: 1 << 26 };
  const { status, signal, stdout, stderr } = spawnSync(command, words, options);
  return { status, signal, stdout, stderr };
}

/** Who liked what: `users` in three tastes among 240 items, each with 15 of theirs, in time. */
export function interactions(users = 120) {
  const rows = Array.from({ length: users * 15 }, (_, at) => {
    const [user, step] = [Math.floor(at / 15), at % 15];
    return `${user},${1 + 3 * ((user * 5 + step * 7) % 80) + (user % 3)},${1_600_000_000 + step}`;
  });
  return `user,item,timestamp\n${rows.join("\n")}\n`;
}

/** Titles and tags of those items. */
export const items = () =>
  `item_id,title,genres\n${Array.from({ length: 240 }, (_, at) => `${at + 1},Film ${at + 1},Drama|Noir\n`).join("")}`;

/** A file's bytes. */
export const bytes = (...path) => readFileSync(join(...path));
