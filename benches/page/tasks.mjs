// The tasks of the page's own thread, from Chromium's trace: exact, while the long-task API knows only those of 50 ms and
// more, and not what they are made of.

import { traced } from "../trace.mjs";

/** A task that takes longer keeps people waiting, in milliseconds: its parts are told. */
const LONG = 50;
const CATEGORIES = ["toplevel", "devtools.timeline", "v8"];

/**
 * Watches what `act` makes the browser's pages do; resolves to the milliseconds that each of their tasks took, and those
 * of the processor alone, which a busy machine lengthens less.
 */
export async function tasksOf(browser, act) {
  const tasks = nested(await traced(browser, { includedCategories: CATEGORIES }, act));
  for (const task of tasks) if (task.dur > 1000 * LONG) tell(task);
  return tasks.map(({ dur, tdur = dur }) => ({ wall: dur / 1000, processor: tdur / 1000 }));
}

/** The tasks of the pages' main threads, each with what happened within. */
function nested(events) {
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const named = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const tasks = [];
  for (const main of new Set(named.map(thread))) {
    const spans = events.filter((event) => event.ph === "X" && thread(event) === main);
    spans.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
    const open = [];
    for (const span of spans) {
      while (open.length && open.at(-1).ts + open.at(-1).dur <= span.ts) open.pop();
      (open.at(-1)?.within ?? tasks).push(Object.assign(span, { within: [] }));
      open.push(span);
    }
  }
  return tasks;
}

/** Prints what a task spent its time with. */
function tell(task) {
  const parts = new Map();
  const add = ({ name, args, dur, within }) => {
    const own = dur - within.reduce((sum, { dur }) => sum + dur, 0);
    const what = [name, args.data?.functionName].filter(Boolean).join(" ");
    parts.set(what, (parts.get(what) ?? 0) + own / 1000);
    within.forEach(add);
  };
  add(task);
  const longest = [...parts].sort((a, b) => b[1] - a[1]).slice(0, 6);
  const list = longest.map(([what, milliseconds]) => `${what} ${milliseconds.toFixed(0)}`).join(", ");
  console.log(`a task of ${(task.dur / 1000).toFixed(0)} ms: ${list}`);
}
