// What to make of the arguments: everything that can be guessed is.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";

/** What cannot be done, with the remedy. */
export class Refusal extends Error {}

const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/**
 * The folder, the files to copy into it and the commands that follow. `from` is a folder with packed packages, `agent`
 * how the package manager that started us names itself (`pnpm/9.1.0 npm/? node/v20`).
 */
export function plan(words, from, agent = "npm") {
  const files = words.filter(isFile);
  const others = words.filter((word) => !files.includes(word));
  const lost = others.find((word) => extname(word));
  if (lost) throw new Refusal(`${lost}: no such file; give the interactions as a CSV file`);
  if (others.length > 1) throw new Refusal(`one folder is expected, found ${others.join(" and ")}`);
  if (files.length > 2) throw new Refusal(`interactions and items are expected, found ${files.join(", ")}`);
  const manager = /^(pnpm|yarn|bun)\//.exec(agent)?.[1] ?? "npm";
  return {
    folder: vacant(resolve(others[0] ?? "foldin-shop")),
    data: files.map((file, at) => ({ from: resolve(file), to: `data/${["interactions", "items"][at]}${ending(file)}` })),
    packages: Object.fromEntries(["foldin", "foldin-cli"].map((name) => [name, from ? packed(from, name) : `^${version}`])),
    commands: [["install"], ["run", "train"], ["run", "dev"]].map((rest) => [manager, ...rest]),
  };
}

const isFile = (word) => statSync(word, { throwIfNoEntry: false })?.isFile() ?? false;

/** `.csv.gz` of `my.ratings.csv.gz`: what says how to read it. */
const ending = (file) => /(\.[a-z]+)?(\.(gz|zst|zip))?$/i.exec(basename(file))[0];

/** A folder that is new or empty. */
function vacant(folder) {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found && !(found.isDirectory() && readdirSync(folder).length === 0)) {
    throw new Refusal(`${folder} is there already; name another folder, or remove it`);
  }
  return folder;
}

/** The tarball of a package, as npm, pnpm and Bun take it for a version. */
function packed(folder, name) {
  const tarballs = isFolder(folder) ? readdirSync(folder) : [];
  const found = tarballs.find((file) => new RegExp(`^${name}-\\d.*\\.tgz$`).test(file));
  if (!found) throw new Refusal(`${folder} has no ${name}-*.tgz; run cargo xtask dist in a clone of foldin`);
  return `file:${resolve(join(folder, found))}`;
}

const isFolder = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
