import { defineConfig } from "vite";

// The page finds everything beside itself, so that any folder of any static host will do.
export default defineConfig({
  root: "demo",
  base: "./",
  build: { outDir: "../dist-demo", emptyOutDir: true, target: "es2022" },
  worker: { format: "es" },
});
