// The module with all that few pages ask for. Bundlers read the addresses.

export * as glue from "./wasm/foldin_full.js";

export const address = (vectors: boolean): URL =>
  vectors
    ? new URL("./wasm/foldin_full_bg.wasm", import.meta.url)
    : new URL("./wasm/foldin_full_plain_bg.wasm", import.meta.url);
