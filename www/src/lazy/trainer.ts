// The module that trains. Bundlers read the addresses.

import { compileOnce } from "../model/compile.js";

export const trainerModule = compileOnce((vectors) =>
  vectors
    ? new URL("../wasm/foldin_trainer_bg.wasm", import.meta.url)
    : new URL("../wasm/foldin_trainer_plain_bg.wasm", import.meta.url),
);
