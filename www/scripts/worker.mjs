// Builds the worker as one script without imports. Bundlers make a classic script of a worker unless they are told
// otherwise (Vite: `worker.format`), and such a script cannot be split. What few pages need of it lies in further
// scripts, its parts, which it loads by their addresses. Bundlers copy those as they are.

import { readFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { build } from "esbuild";
import { hideImports } from "./hidden.mjs";

const ENTRY = "src/worker.ts";
/** What the worker shares with its parts: modules by name, and addresses of wasm. */
const SHARED = "globalThis.foldin";

const LOAD = "loadPart";

const nameOf = (path) => relative("src", path).replaceAll("\\", "/").replace(/\.ts$/, "");
const partName = (path) => `worker-${basename(path, ".ts")}`;
const WASM = /new URL\("\.\.\/wasm\/(\w+)\.wasm", import\.meta\.url\)/g;

/** Leaves out what the worker loads later and tells which sources that were. */
const later = (found) => ({
  name: "later",
  setup: ({ onResolve, resolve: find }) =>
    onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...from }) => {
      if (kind !== "dynamic-import" || pluginData === "resolved") return;
      const { path: source } = await find(path, { ...from, kind, pluginData: "resolved" });
      found.add(source);
      return { path: source, external: true };
    }),
});

/** Takes modules from the worker instead of a copy, and wasm from where the worker finds it. */
const borrowed = (lent, used, wasm) => ({
  name: "borrowed",
  setup: ({ onResolve, onLoad, resolve: find }) => {
    onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
      if (from.kind === "entry-point" || pluginData === "resolved") return;
      const found = await find(path, { ...from, pluginData: "resolved" });
      if (!lent.has(found.path)) return found;
      used.add(found.path);
      return { path: nameOf(found.path), namespace: "borrowed" };
    });
    onLoad({ filter: /./, namespace: "borrowed" }, ({ path }) => ({
      contents: `module.exports = ${SHARED}.modules[${JSON.stringify(path)}]`,
    }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: hideImports(readFileSync(path, "utf8")).replace(WASM, (_, name) => {
        wasm.add(name);
        return `${SHARED}.wasm.${name}()`;
      }),
      loader: "ts",
    }));
  },
});

/** Loads parts by address where the worker imports them. */
const byAddress = {
  name: "by-address",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^entry$/ }, () => ({ path: resolve(ENTRY), sideEffects: true }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: hideImports(readFileSync(path, "utf8"))
        .replace(/\bimport\("(\.[^"]+)\.js"\)/g, (_, part) => `${LOAD}(new URL("./${partName(part)}.js", import.meta.url))`)
        .replaceAll('new URL("../', 'new URL("./'),
      loader: "ts",
    }));
  },
};

/** Written by hand, because esbuild drops comments, and bundlers would look for what this imports without them. */
const loader = `const ${LOAD} = ({ href }) =>
  import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ href);`;

/** Lends modules to the parts, and the addresses of wasm, before the worker runs. */
const lender = (used, wasm) => `
  ${used.map((path, at) => `import * as module${at} from ${JSON.stringify(`./${relative(".", path)}`)};`).join("\n")}
  const modules = { ${used.map((path, at) => `${JSON.stringify(nameOf(path))}: module${at}`).join(", ")} };
  const wasm = { ${wasm.map((name) => `${name}: () => new URL("./wasm/${name}.wasm", import.meta.url)`).join(", ")} };
  ${SHARED} = { modules, wasm };
  import "entry";
`;

/** Builds the worker and its parts, with esbuild's options of the package. */
export async function buildWorker({ plugins, ...options }) {
  const run = (entryPoints, more, rest) =>
    build({ ...options, bundle: true, metafile: true, entryPoints, plugins: [...more, ...plugins], ...rest });

  // First a look: what the worker has at once, and what it loads later.
  const found = new Set();
  const { metafile } = await run([ENTRY], [later(found)], { write: false, sourcemap: false });
  const lent = new Set(Object.keys(metafile.inputs).map((input) => resolve(input)));
  const used = new Set();
  const wasm = new Set();
  for (const source of found) {
    await run([source], [borrowed(lent, used, wasm)], { outdir: undefined, outfile: `dist/${partName(source)}.js` });
  }
  const output = { outdir: undefined, outfile: "dist/worker.js", banner: { js: loader } };
  const stdin = { contents: lender([...used], [...wasm]), resolveDir: ".", loader: "js" };
  await run(undefined, [byAddress], { ...output, stdin });
}
