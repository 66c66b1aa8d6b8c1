// Lays the files of the page out.

import { copyFileSync, cpSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { shop } from "./shop.mjs";

const TEMPLATE = fileURLToPath(new URL("./template", import.meta.url));

/** Writes the page, its data and its list of packages into the folder. */
export function lay({ folder, data, packages }) {
  cpSync(TEMPLATE, folder, { recursive: true });
  // npm would leave a file of that name out of the package.
  renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
  mkdirSync(join(folder, "data"));
  const [interactions, items] = data.length ? data.map((file) => copied(folder, file)) : written(folder, shop());
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(folder, interactions, items, packages), null, 2)}\n`);
}

function copied(folder, { from, to }) {
  copyFileSync(from, join(folder, to));
  return to;
}

/** The made-up shop as files. */
function written(folder, tables) {
  return ["interactions", "items"].map((name) => {
    const file = `data/${name}.csv`;
    writeFileSync(join(folder, file), tables[name]);
    return file;
  });
}

function manifest(folder, interactions, items, packages) {
  const train = ["foldin train", interactions, items && `--items ${items}`, "-o public/shop.safetensors"];
  return {
    name: basename(folder).toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "") || "shop",
    private: true,
    type: "module",
    scripts: {
      dev: "vite",
      build: "vite build",
      preview: "vite preview",
      train: train.filter(Boolean).join(" "),
    },
    dependencies: { foldin: packages.foldin },
    devDependencies: { "foldin-cli": packages["foldin-cli"], vite: "^8.3.8" },
  };
}
