// The lab's module, which trains. Bundlers read the addresses.

import { compileOnce } from "./compile.js";

export const labModule = compileOnce((vectors) =>
  vectors
    ? new URL("./wasm/foldin_lab_bg.wasm", import.meta.url)
    : new URL("./wasm/foldin_lab_plain_bg.wasm", import.meta.url),
);
