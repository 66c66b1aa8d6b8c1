// Left as it is while Vite serves its sources: the package finds its worker and its wasm beside itself.
export default { optimizeDeps: { exclude: ["foldin"] }, build: { target: "esnext" } };
