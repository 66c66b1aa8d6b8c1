// What few pages ask of a recommender; a chunk of its own.

import * as check from "./check.js";
import type { TrainingInput } from "./engine.js";
import { FoldinError, wrongType, wrongValue } from "./errors.js";
import { parseHistory } from "./history.js";
import type { Belief } from "./cold/question.js";
import { COLUMNS } from "./cold/ask.js";
import type { History, Host } from "./host.js";
import { EVENT_KINDS } from "./kinds.js";
import type { Tuning } from "./workshop.js";
import { HOST_RULES, RUN_RULES } from "./rules.js";
import type {
  FactorsInput,
  FineTuneOptions,
  HistoryImport,
  Interaction,
  ProfileImport,
  TrainingOptions,
  VisitorEvent,
} from "./types.js";

const FACTORS_RULES = {
  factors: check.floats,
  dim: check.natural,
  ids: check.strings,
  precision: check.oneOf("f32", "f16", "int8", "int4"),
};
const TUNING_RULES = { ...RUN_RULES, epochs: check.upTo(1000), learningRate: check.finite, pull: check.finite };
const TRAINING_RULES = {
  ...HOST_RULES,
  ...RUN_RULES,
  algorithm: check.oneOf("ials", "sgd", "bpr"),
  dim: check.upTo(4096),
  epochs: check.upTo(1000),
  seed: check.whole,
};

const FORMAT = "foldin-profile";
const VERSION = 1;
/** The longest profile that is read: some ten thousand events take one or two megabytes. */
const MAX_TEXT = 20_000_000;
const EVENT = {
  item: check.text,
  event: check.oneOf(...EVENT_KINDS),
  value: check.finite,
  time: check.finite,
  scale: check.scale,
};
const BELIEF = { traits: COLUMNS, transfer: check.numbers };

/** A profile as a file. */
export const writeProfile = (history: History): string =>
  JSON.stringify({ format: FORMAT, version: VERSION, ...history });

/** Takes up what {@link writeProfile} wrote. */
export async function importProfile(host: Host, text: string): Promise<ProfileImport> {
  const { events, belief } = readProfile(text);
  const done = await host.merge(events);
  if (belief) await host.cold({ name: "believe", belief, rests: true });
  return done;
}

/**
 * Reads what {@link writeProfile} wrote.
 *
 * @throws {@link FoldinError} `format` or `version`
 */
function readProfile(text: string): History {
  const wrong = (expected: string, found: string, cause?: unknown): FoldinError => {
    const remedy = "the file is damaged or not a profile: export it again";
    return new FoldinError("format", `profile: expected ${expected}, found ${found}; ${remedy}`, { cause });
  };
  if (text.length > MAX_TEXT) throw wrong(`at most ${MAX_TEXT} letters`, String(text.length));
  let file: { format?: unknown; version?: unknown; events?: unknown; belief?: unknown } | null;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw wrong("a whole JSON document", String(cause), cause);
  }
  if (file?.format !== FORMAT) throw wrong(`format ${FORMAT}`, String(file?.format ?? "none"));
  if (file.version !== VERSION) {
    const message = `profile: expected version ${VERSION}, found ${String(file.version)}; use the foldin that wrote it`;
    throw new FoldinError("version", message);
  }
  if (!Array.isArray(file.events)) throw wrong("a list of events", typeof file.events);
  const { events, belief } = file;
  try {
    events.forEach((event, at) => check.checkFields(`events[${at}]`, event, EVENT, ["item", "event", "time"]));
    if (belief !== undefined) check.checkFields("belief", belief, BELIEF);
  } catch (cause) {
    throw wrong("what a profile has", (cause as Error).message, cause);
  }
  return { events: events.map(past), belief: belief as Belief | undefined };
}

/** Records what a list tells; what the catalogue does not have comes back. */
export async function importHistory(host: Host, text: string): Promise<HistoryImport> {
  const { source, scale, rows } = parseHistory(text);
  const ids = await host.match(rows.map(({ titles, year }) => ({ titles, year })));
  const found = rows.flatMap(({ rating, time = 0 }, at): VisitorEvent[] => {
    const item = ids[at];
    if (item === null || item === undefined) return [];
    return [rating === undefined ? { item, event: "view", time } : { item, event: "rate", value: rating, scale, time }];
  });
  const { added } = await host.merge(found);
  const unmatched = rows
    .filter((_, at) => ids[at] === null)
    .map(({ line, titles: [title = ""], year }) => ({ line, title, ...(year !== undefined && { year }) }));
  return { source, rows: rows.length, matched: found.length, added, unmatched };
}

/** A clock that was wrong, or another zone's, is no reason to refuse a file. */
const past = (event: VisitorEvent): VisitorEvent => ({ ...event, time: Math.min(event.time ?? 0, Date.now()) });

/** Checks factors of somebody's own. */
export function factorsInput(input: FactorsInput, options: object): FactorsInput {
  check.checkFields("input", input, FACTORS_RULES, ["factors", "dim"]);
  check.checkFields("options", options, HOST_RULES);
  return input;
}

/** How to fine-tune. */
export function tuningOf(options: FineTuneOptions): Tuning {
  check.checkFields("options", options, TUNING_RULES);
  const { epochs = 5, learningRate = 0.05, pull = 1 } = options;
  return { epochs, learningRate, pull };
}

/** The most interactions that a page may train on. */
const MAX_INTERACTIONS = 1_000_000;

/** Numbers users and items in the order in which they appear. */
export function trainingInput(interactions: Interaction[], options: TrainingOptions): TrainingInput {
  check.checkFields("options", options, TRAINING_RULES);
  if (!Array.isArray(interactions)) throw wrongType("interactions", "an array", typeof interactions);
  const { length } = interactions;
  if (length === 0 || length > MAX_INTERACTIONS) {
    throw wrongValue("interactions", `1 to ${MAX_INTERACTIONS} of them`, String(length));
  }
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
  for (let at = 0; at < length; at++) {
    const { user, item, value = 1 } = interactions[at] as Interaction;
    if (!Number.isFinite(value)) throw wrongValue(`interactions[${at}].value`, "a finite number", String(value));
    training.users[at] = numberOf(users, at, "user", user);
    training.items[at] = numberOf(items, at, "item", item);
    training.values[at] = value;
  }
  const { algorithm = "ials", dim = 64, epochs = 16, seed = 1 } = options;
  return { training: { ...training, ids: [...items.keys()] }, algorithm, dim, epochs, seed };
}
