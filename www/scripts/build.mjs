// Builds the npm package into dist/: small ES modules, the wasm as it is, and the types.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { apiReference } from "./api.mjs";
import { hideImports, showImports } from "./hidden.mjs";
import { buildWorker } from "./worker.mjs";

const www = fileURLToPath(new URL("..", import.meta.url));
process.chdir(www);
rmSync("dist", { recursive: true, force: true });

/** What needs the worker and the wasm. */
const ENTRIES = ["index", "element", "react", "vue", "svelte"];
/** What a page brings along that uses them. */
const PEERS = ["react", "vue", "svelte", "svelte/store"];

/** CommonJS as one ES module: esbuild would have every page load its helpers for what few of them use. */
const modules = {
  name: "modules",
  setup: ({ onLoad }) =>
    onLoad({ filter: /papaparse(\.min)?\.js$/ }, async ({ path }) => {
      const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: "esm", write: false });
      return { contents: outputFiles[0].text };
    }),
};

/** wasm-bindgen's glue without a substitute for what every browser has that reads es2022, and what nobody schedules. */
const glue = {
  name: "glue",
  setup: ({ onLoad }) =>
    onLoad({ filter: /wasm[\\/]foldin(_\w+)?\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace(/if \(!\('encodeInto' in cachedTextEncoder\)\) \{.*?\n\}/s, "")
        .replaceAll("__wbg_call_guard();", ""),
    })),
};

/** Sources lie in folders, their chunks side by side: an address relative to a source leads one folder less far up. */
const addresses = {
  name: "addresses",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      contents: hideImports(readFileSync(path, "utf8")).replaceAll('new URL("../', 'new URL("./'),
      loader: "ts",
    })),
};

const options = {
  outdir: "dist",
  format: "esm",
  target: "es2022",
  minify: true,
  // Of wasm-bindgen's glue: what it would tell its callers, and what lets them dispose of things by scope. The package
  // does neither.
  drop: ["console"],
  define: { "Symbol.dispose": "undefined" },
  sourcemap: true,
  plugins: [modules, glue, addresses],
};
await build({
  ...options,
  entryPoints: [...ENTRIES, "offline"].map((entry) => `src/${entry}.ts`),
  // What entries share becomes a chunk that each loads when needed. It lies beside them, because the addresses of
  // worker and wasm are relative to whatever file asks for them.
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  external: PEERS,
});
await buildWorker(options);
for (const name of readdirSync("dist").filter((name) => name.endsWith(".js"))) {
  writeFileSync(`dist/${name}`, showImports(readFileSync(`dist/${name}`, "utf8")));
}
// Vite's development server puts packages into its cache, away from their workers and wasm, but only scripts that it
// knows by their ending: these it leaves where they are. package.json names them for it.
for (const entry of ENTRIES) writeFileSync(`dist/${entry}.jsx`, `export * from "./${entry}.js";\n`);
const wasm = readdirSync("src/wasm").filter((file) => file.endsWith(".wasm"));
for (const module of wasm) cpSync(`src/wasm/${module}`, `dist/wasm/${module}`);
for (const name of ["fflate", "idb", "papaparse"]) cpSync(`node_modules/${name}/LICENSE`, `dist/LICENSE-${name}`);
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "--emitDeclarationOnly"], { stdio: "inherit" });
// The types of what the package exports lead to these alone; the rest is nobody's business.
const types = [...ENTRIES, "offline", "api/recommender", "errors", "live/answers", "live/shared", "types"].map(
  (name) => `${name}.d.ts`,
);
for (const file of readdirSync("dist", { recursive: true })) {
  const name = file.replaceAll("\\", "/");
  if (name.endsWith(".d.ts") && !types.includes(name) && !name.startsWith("types/")) rmSync(`dist/${name}`);
}
for (const folder of ["host", "model", "visitor", "lazy"]) rmSync(`dist/${folder}`, { recursive: true, force: true });

/** What each script and module has to be, as `integrity` of HTML and of import maps wants it. */
const integrity = (file) => `sha256-${createHash("sha256").update(readFileSync(`dist/${file}`)).digest("base64")}`;
const shipped = readdirSync("dist", { recursive: true }).filter((file) => /\.(js|wasm)$/.test(file)).sort();
const listed = Object.fromEntries(shipped.map((file) => [`./${file.replaceAll("\\", "/")}`, integrity(file)]));
writeFileSync("dist/integrity.json", `${JSON.stringify(listed, null, 2)}\n`);

writeFileSync("../docs/API.md", apiReference("dist"));
