// What few pages ask of a recommender; a chunk of its own.

import * as check from "./check.js";
import type { TrainingInput } from "./engine.js";
import { FoldinError, wrongType, wrongValue } from "./errors.js";
import { parseHistory } from "./history.js";
import type { Host } from "./host.js";
import { EVENT_KINDS } from "./kinds.js";
import type { HistoryImport, Interaction, TrainingOptions, VisitorEvent } from "./types.js";

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

/** A profile as a file. */
export const writeProfile = (events: VisitorEvent[]): string =>
  JSON.stringify({ format: FORMAT, version: VERSION, events });

/**
 * Reads what {@link writeProfile} wrote.
 *
 * @throws {@link FoldinError} `format` or `version`
 */
export function readProfile(text: string): VisitorEvent[] {
  const wrong = (expected: string, found: string, cause?: unknown): FoldinError => {
    const remedy = "the file is damaged or not a profile: export it again";
    return new FoldinError("format", `profile: expected ${expected}, found ${found}; ${remedy}`, { cause });
  };
  if (text.length > MAX_TEXT) throw wrong(`at most ${MAX_TEXT} letters`, String(text.length));
  let file: { format?: unknown; version?: unknown; events?: unknown } | null;
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
  return file.events.map((event: VisitorEvent, at) => {
    try {
      check.checkFields(`events[${at}]`, event, EVENT, ["item", "event", "time"]);
    } catch (cause) {
      throw wrong("events", (cause as Error).message, cause);
    }
    return past(event);
  });
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

/** The most interactions that a page may train on. */
const MAX_INTERACTIONS = 1_000_000;

/** Numbers users and items in the order in which they appear. */
export function trainingInput(interactions: Interaction[], options: TrainingOptions): TrainingInput {
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
  const numberOf = (names: Map<string, number>, field: string, name: unknown): number => {
    if (typeof name !== "string") throw wrongType(field, "a string", typeof name);
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, names.size);
    return names.size - 1;
  };
  interactions.forEach(({ user, item, value = 1 }, at) => {
    if (!Number.isFinite(value)) throw wrongValue(`interactions[${at}].value`, "a finite number", String(value));
    training.users[at] = numberOf(users, `interactions[${at}].user`, user);
    training.items[at] = numberOf(items, `interactions[${at}].item`, item);
    training.values[at] = value;
  });
  const { algorithm = "ials", dim = 64, epochs = 16, seed = 1 } = options;
  return { training: { ...training, ids: [...items.keys()] }, algorithm, dim, epochs, seed };
}
