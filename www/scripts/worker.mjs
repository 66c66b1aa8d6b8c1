// Builds the worker as one script without imports. Bundlers make a classic script of a worker unless they are told
// otherwise (Vite: `worker.format`), and such a script cannot be split. What few pages need of it lies in further
// scripts, its parts, which it loads by their addresses. Bundlers copy those as they are.

import { readFileSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { build } from "esbuild";

const ENTRY = "src/worker.ts";
/** What the worker shares with its parts: modules by name, addresses of wasm, and the parts that arrived. */
const SHARED = "globalThis.foldin";

const LOAD = "foldinLoad";

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
      return { path: found.path, namespace: "borrowed" };
    });
    onLoad({ filter: /./, namespace: "borrowed" }, ({ path }) => ({
      contents: `module.exports = ${SHARED}.modules[${JSON.stringify(nameOf(path))}]`,
    }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(WASM, (_, name) => {
        wasm.add(name);
        return `${SHARED}.wasm.${name}()`;
      }),
      loader: "ts",
    }));
  },
});

/** Loads parts by address when something imports them. */
const parts = (sources) => ({
  name: "parts",
  setup: ({ onResolve, onLoad, resolve: find }) => {
    onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...from }) => {
      if (kind !== "dynamic-import" || pluginData === "resolved") return;
      const { path: source } = await find(path, { ...from, kind, pluginData: "resolved" });
      return { path: source, namespace: "part" };
    });
    onLoad({ filter: /./, namespace: "part" }, ({ path }) => {
      const name = partName(path);
      const part = `await ${LOAD}("${name}", new URL("./${name}.js", import.meta.url))`;
      return { contents: `export const { ${sources.get(path).join(", ")} } = ${part};` };
    });
    onResolve({ filter: /^entry$/ }, () => ({ path: resolve(ENTRY), sideEffects: true }));
  },
});

/** Written by hand, because esbuild drops comments, and bundlers would look for what this imports without them. */
const loader = `const ${LOAD} = async (name, { href }) => {
  await import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ href);
  return ${SHARED}.parts[name];
};`;

/** Lends modules to the parts, and the addresses of wasm, before the worker runs. */
const lender = (used, wasm) => `
  ${used.map((path, at) => `import * as module${at} from ${JSON.stringify(path)};`).join("\n")}
  const modules = { ${used.map((path, at) => `${JSON.stringify(nameOf(path))}: module${at}`).join(", ")} };
  const wasm = { ${wasm.map((name) => `${name}: () => new URL("./wasm/${name}.wasm", import.meta.url)`).join(", ")} };
  ${SHARED} = { modules, wasm, parts: {} };
  import "entry";
`;

/** Builds the worker and its parts, with esbuild's options of the package. */
export async function buildWorker({ plugins, ...options }) {
  const run = (entryPoints, more, rest) =>
    build({ ...options, bundle: true, metafile: true, entryPoints, plugins: [...more, ...plugins], ...rest });

  // First a look: what the worker has at once, and what it loads later, with its exports.
  const found = new Set();
  const look = async (source) =>
    (await run([source], [later(found)], { write: false, sourcemap: false })).metafile;
  const lent = new Set(Object.keys((await look(ENTRY)).inputs).map((input) => resolve(input)));
  const sources = new Map();
  for (const source of found) {
    const [{ exports }] = Object.values((await look(source)).outputs);
    sources.set(source, exports);
  }

  const used = new Set();
  const wasm = new Set();
  for (const source of sources.keys()) {
    const name = partName(source);
    const contents = `import * as part from ${JSON.stringify(source)}; ${SHARED}.parts[${JSON.stringify(name)}] = part;`;
    await run(undefined, [borrowed(lent, used, wasm)], stdin(contents, name));
  }
  await run(undefined, [parts(sources)], { ...stdin(lender([...used], [...wasm]), "worker"), banner: { js: loader } });
}

/** A script that is not in a file, and its name once it is built. */
const stdin = (contents, name) => ({
  stdin: { contents, resolveDir: ".", loader: "js" },
  outdir: undefined,
  outfile: `dist/${name}.js`,
});
