// The module with all that few pages ask for. Bundlers read the addresses.

import { compileOnce } from "./compile.js";
import { __wbg_reset_state, Engine, initSync, ModelBuffer, ModelHeader, Question, Training } from "./wasm/foldin_full.js";

export const glue = { __wbg_reset_state, Engine, initSync, ModelBuffer, ModelHeader, Question, Training };

export const compiled = compileOnce((vectors) =>
  vectors
    ? new URL("./wasm/foldin_full_bg.wasm", import.meta.url)
    : new URL("./wasm/foldin_full_plain_bg.wasm", import.meta.url),
);
