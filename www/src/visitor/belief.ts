// What a model believes of a visitor who tells of themselves or is known to another model. A chunk of its own.

import type { Opened } from "../model/engine.js";
import type { Belief } from "./kept.js";
import { askLab } from "../lazy/lab.js";

/** The belief as the engine takes it. */
export const vectorOf = (opened: () => Opened, belief: Belief): Promise<Float32Array> =>
  "traits" in belief
    ? askLab(opened, ["traits.", "tower."], (part) => part.beliefOfTraits(belief.traits))
    : askLab(opened, ["transfer."], (part) => part.beliefOfTransfer(Float32Array.from(belief.transfer)));
