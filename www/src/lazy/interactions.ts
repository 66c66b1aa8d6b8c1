// What a page trains on, checked and numbered on the page's thread a few milliseconds at a time.

import { fetched } from "../host/lazy.js";
import * as check from "../api/check.js";
import { wrongType, wrongValue } from "../errors.js";
import { HOST_RULES, RUN_RULES } from "../api/rules.js";
import { Moments } from "../host/task.js";
import type { Interaction, InteractionColumns, TrainingOptions } from "../types.js";

/** What a page trains on, and how. */
export interface TrainingInput {
  training: Required<InteractionColumns>;
  algorithm: string;
  dim: number;
  epochs: number;
  seed: number;
  /** The trainer where the page has compiled it already. */
  module?: WebAssembly.Module | undefined;
}

const wholes: check.Rule = { expected: "a Uint32Array", type: (value) => value instanceof Uint32Array };
const COLUMN_RULES = { users: wholes, items: wholes, values: check.floats, ids: check.strings };
const TRAINING_RULES = {
  ...HOST_RULES,
  ...RUN_RULES,
  algorithm: check.oneOf("ials", "sgd", "bpr"),
  dim: check.upTo(4096),
  epochs: check.upTo(1000),
  seed: check.whole,
};

/**
 * The module for a worker that trains. Workers that are handed it share its code, which the browser makes faster while
 * the first one runs; a worker that compiled it for itself would begin with slow code each time.
 */
async function compiledTrainer(): Promise<WebAssembly.Module | undefined> {
  try {
    const { trainerModule } = await fetched(() => import("./trainer.js"));
    return await trainerModule();
  } catch {
    // The worker tries for itself, and says what is wrong.
    return undefined;
  }
}

/** The most interactions that a page may train on. */
const MAX_INTERACTIONS = 1_000_000;
/** Interactions between two looks at the clock. */
const STRIDE = 256;

/** Checks what to train on, and has all ready that a worker needs for it, while that worker starts. */
export async function trainingInput(
  interactions: Interaction[] | InteractionColumns,
  options: TrainingOptions,
): Promise<TrainingInput> {
  check.checkFields("options", options, TRAINING_RULES);
  const listed = Array.isArray(interactions);
  if (!listed) check.checkFields("interactions", interactions, COLUMN_RULES, ["users", "items", "ids"]);
  const { length } = listed ? interactions : interactions.users;
  if (length === 0 || length > MAX_INTERACTIONS) {
    throw wrongValue("interactions", `1 to ${MAX_INTERACTIONS} of them`, String(length));
  }
  const module = compiledTrainer();
  const training = listed ? await numbered(interactions) : whole(interactions);
  const { algorithm = "ials", dim = 64, epochs = 16, seed = 1 } = options;
  return { training, algorithm, dim, epochs, seed, module: await module };
}

/** Columns with all that may be left out. The engine checks the numbers in them. */
function whole(columns: InteractionColumns): Required<InteractionColumns> {
  const { users, items, values = new Float32Array(users.length).fill(1) } = columns;
  const lengths = [users, items, values].map(({ length }) => length);
  if (new Set(lengths).size > 1) {
    throw wrongValue("interactions", "users, items and values of one length", lengths.join(", "));
  }
  return { ...columns, values };
}

/** Numbers users and items in the order in which they appear. */
async function numbered(interactions: Interaction[]): Promise<Required<InteractionColumns>> {
  const { length } = interactions;
  const [users, items] = [new Map<string, number>(), new Map<string, number>()];
  const training = {
    users: new Uint32Array(length),
    items: new Uint32Array(length),
    values: new Float32Array(length),
  };
  const numberOf = (names: Map<string, number>, at: number, field: string, name: unknown): number => {
    if (typeof name !== "string") throw wrongType(`interactions[${at}].${field}`, "a string", typeof name);
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, names.size);
    return names.size - 1;
  };
  const moments = new Moments();
  for (let at = 0; at < length; at++) {
    if (at % STRIDE === 0) await moments.next();
    const { user, item, value = 1 } = interactions[at] as Interaction;
    if (!Number.isFinite(value)) throw wrongValue(`interactions[${at}].value`, "a finite number", String(value));
    training.users[at] = numberOf(users, at, "user", user);
    training.items[at] = numberOf(items, at, "item", item);
    training.values[at] = value;
  }
  return { ...training, ids: [...items.keys()] };
}
