// What a page trains on, checked and numbered on the page's thread a few milliseconds at a time.

import { fetched } from "../host/optional.js";
import * as check from "../api/check.js";
import { wrongType, wrongValue } from "../errors.js";
import { HOST_RULES, RUN_RULES } from "../api/rules.js";
import { Moments } from "../host/task.js";
import type { Interaction, InteractionColumns, TrainingOptions } from "../types.js";

/** Columns with all that may be left out, but for times, which some have and others do not. */
type Training = Required<Omit<InteractionColumns, "times">> & { times: Float64Array | undefined };

/** What a page trains on, and how. */
export interface TrainingInput {
  training: Training;
  algorithm: string;
  dim: number;
  /** Undefined: what suits the algorithm. */
  epochs: number | undefined;
  /** Undefined: drawn by chance. */
  seed: number | undefined;
  /** The trainer where the page has compiled it already. */
  module?: WebAssembly.Module | undefined;
}

const wholes: check.Rule = { expected: "a Uint32Array", type: (value) => value instanceof Uint32Array };
const doubles: check.Rule = { expected: "a Float64Array", type: (value) => value instanceof Float64Array };
const COLUMN_RULES = { users: wholes, items: wholes, values: check.floats, times: doubles, ids: check.strings };
const TRAINING_RULES = {
  ...HOST_RULES,
  ...RUN_RULES,
  algorithm: check.oneOf("auto", "next", "ials", "sgd", "bpr"),
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
  const { algorithm = "auto", dim = 64, epochs, seed } = options;
  return { training, algorithm, dim, epochs, seed, module: await module };
}

/** Columns with all that may be left out. The engine checks the numbers in them. */
function whole(columns: InteractionColumns): Training {
  const { users, items, values = new Float32Array(users.length).fill(1), times } = columns;
  const lengths = [users, items, values, times ?? users].map(({ length }) => length);
  if (new Set(lengths).size > 1) {
    throw wrongValue("interactions", "users, items, values and times of one length", lengths.join(", "));
  }
  return { ...columns, values, times };
}

/** Numbers users and items in the order in which they appear. */
async function numbered(interactions: Interaction[]): Promise<Training> {
  const { length } = interactions;
  const [users, items] = [new Map<string, number>(), new Map<string, number>()];
  const training = {
    users: new Uint32Array(length),
    items: new Uint32Array(length),
    values: new Float32Array(length),
    times: interactions[0]?.time === undefined ? undefined : new Float64Array(length),
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
    const { user, item, value = 1, time } = interactions[at] as Interaction;
    if (!Number.isFinite(value)) check.check(`interactions[${at}].value`, value, check.finite);
    if ((time !== undefined) !== (training.times !== undefined) || (training.times && !Number.isFinite(time))) {
      throw wrongValue(`interactions[${at}].time`, "a finite number, in all interactions or in none", String(time));
    }
    if (training.times) training.times[at] = time as number;
    training.users[at] = numberOf(users, at, "user", user);
    training.items[at] = numberOf(items, at, "item", item);
    training.values[at] = value;
  }
  return { ...training, ids: [...items.keys()] };
}
