import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { defineConfig, type Plugin } from "vite";

// The page finds everything beside itself, so that any folder of any static host will do. While somebody works on it
// (`cargo xtask dev`), it runs on the package's sources.
export default defineConfig(({ command }) => ({
  root: "demo",
  base: "./",
  // No file is written into another as a data: URL, which a strict policy refuses.
  build: {
    outDir: "../dist-demo",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  worker: { format: "es" },
  define: { HAS_WORDS: existsSync(join(import.meta.dirname, "demo/public/words.safetensors")) },
  plugins: [serviceWorker(), sources()],
  ...(command === "serve" && { resolve: { alias: { foldin: join(import.meta.dirname, "src/index.ts") } } }),
}));

/** The package names its worker as it is built; here it is a source. */
function sources(): Plugin {
  return {
    name: "foldin-sources",
    apply: "serve",
    enforce: "pre",
    resolveId: (id) => (/\/src\/worker\.js(?=\?|$)/.test(id) ? id.replace("worker.js", "worker.ts") : undefined),
  };
}

/** Builds the service worker when all else is built, as it carries the list of that. */
function serviceWorker(): Plugin {
  let folder = "";
  return {
    name: "foldin-demo-service-worker",
    apply: "build",
    configResolved: ({ root, build }) => {
      folder = join(root, build.outDir);
    },
    closeBundle: async () => {
      await build({
        entryPoints: ["demo/offline/sw.ts"],
        outfile: join(folder, "sw.js"),
        bundle: true,
        minify: true,
        format: "iife",
        define: { PAGE_FILES: JSON.stringify(pageFiles(folder)), "process.env.NODE_ENV": '"production"' },
      });
    },
  };
}

/** Each file of the page with a digest of its content, without what few visitors ask for. The model is not among them: foldin itself keeps it. */
function pageFiles(folder: string): { url: string; revision: string }[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !/\.safetensors$|foldin_readers/.test(path));
  return paths.map((path) => ({
    url: path.slice(folder.length + 1).replaceAll("\\", "/"),
    revision: createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16),
  }));
}
