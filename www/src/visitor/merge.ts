// Takes up what another list tells, a few milliseconds at a time. A chunk of its own.

import { Moments } from "../host/task.js";
import { Counts } from "./counts.js";
import { signature, type Visitor } from "./visitor.js";
import type { ProfileImport, VisitorEvent } from "../types.js";

/** As many events as a page can look at without a visible pause. */
const TOGETHER = 250;

/** Takes up events that are not known already; how many those were, and how many of them rest. */
export async function merge(visitor: Visitor, events: VisitorEvent[]): Promise<ProfileImport> {
  const here = new Counts();
  for await (const part of parts(visitor.all())) for (const event of part) here.add(signature(event));
  const done = { added: 0, resting: 0 };
  for await (const part of parts(events)) {
    const added = part.filter((event) => !here.take(signature(event)));
    done.added += added.length;
    done.resting += await visitor.add(added);
  }
  await visitor.store();
  return done;
}

async function* parts<T>(list: readonly T[]): AsyncGenerator<T[]> {
  const moments = new Moments();
  for (let from = 0; from < list.length; from += TOGETHER) {
    await moments.next();
    yield list.slice(from, from + TOGETHER);
  }
}
