// What few pages ask of a recommender; a chunk of its own.

import * as check from "./check.js";
import { FoldinError, wrongValue } from "../errors.js";
import { Moments, mapped } from "../host/task.js";
import { COLUMNS } from "./ask.js";
import type { Belief } from "../visitor/kept.js";
import type { History, Host } from "../host/host.js";
import type { Tuning } from "../visitor/tuning.js";
import { type eventRules, RUN_RULES } from "./rules.js";
import type { FineTuneOptions, ProfileImport, VisitorEvent } from "../types.js";

const TUNING_RULES = { ...RUN_RULES, epochs: check.upTo(1000), learningRate: check.finite, pull: check.finite };

const FORMAT = "foldin-profile";
const VERSION = 1;
/** The longest profile that is read: the events that a page keeps take one or two megabytes. */
const MAX_TEXT = 5_000_000;
const BELIEF = { traits: COLUMNS, transfer: check.numbers };

/** A profile as a file. */
export const writeProfile = (history: History): string =>
  JSON.stringify({ format: FORMAT, version: VERSION, ...history });

/** The rules of `record`. */
type Rules = ReturnType<typeof eventRules>;

/** Takes up what {@link writeProfile} wrote. */
export async function importProfile(host: Host, text: string, rules: Rules): Promise<ProfileImport> {
  // A clock that was wrong, or another zone's, is no reason to refuse a file.
  const { events, belief } = await readProfile(text, { ...rules, time: check.finite });
  const done = await host.merge(events);
  if (belief) await host.believe({ belief, rests: true });
  return done;
}

/**
 * Reads what {@link writeProfile} wrote.
 *
 * @throws {@link FoldinError} `format` or `version`
 */
async function readProfile(text: string, rules: Rules): Promise<History> {
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
  const moments = new Moments();
  try {
    await mapped(events, moments, (event, at) => checkEvent(`events[${at}]`, event, rules));
    if (belief !== undefined) check.checkFields("belief", belief, BELIEF);
  } catch (cause) {
    throw wrong("what a profile has", (cause as Error).message, cause);
  }
  return { events: await mapped(events, moments, past), belief: belief as Belief | undefined };
}

/** Checks what `record` would, but for a rating's place on the model's own scale: where it has none, the event rests. */
function checkEvent(field: string, event: VisitorEvent, rules: Rules): void {
  check.checkFields(field, event, rules, ["item", "event", "time"]);
  check.onScale(field, event);
  if (Number(event.time) < 0) check.check(`${field}.time`, event.time, check.past);
  if (event.event === "rate") check.check(`${field}.value`, event.value, check.finite);
  if (event.event === "view" && (event.value ?? 0) < 0) {
    throw wrongValue(`${field}.value`, "a dwell time of 0 seconds or more", String(event.value));
  }
}

/** No event is of a time to come. */
const past = (event: VisitorEvent): VisitorEvent => ({ ...event, time: Math.min(event.time ?? 0, Date.now()) });

/** How to fine-tune. */
export function tuningOf(options: FineTuneOptions): Tuning {
  check.checkFields("options", options, TUNING_RULES);
  const { epochs = 5, learningRate = 0.05, pull = 1 } = options;
  return { epochs, learningRate, pull };
}
