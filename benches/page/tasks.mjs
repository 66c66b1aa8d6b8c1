// The tasks of the page's own thread, from Chromium's trace: the long-task API knows only those of 50 ms and more, not
// what they are made of, and takes the questions of whoever measures for the page's work.

import { traced } from "../trace.mjs";

/** A task that takes as long keeps people waiting, in milliseconds: its parts are told. */
export const LONG = 50;
const CATEGORIES = ["toplevel", "devtools.timeline", "v8"];

/** Who measures talks to the page through this. */
const MEASURING = "blink.mojom.DevToolsSession";

/**
 * Watches what `act` makes the page do; resolves to the milliseconds that each of its tasks took, and those of the
 * processor alone, which a busy machine lengthens less.
 */
export async function tasksOf(browser, act) {
  const threads = nested(await traced(browser, { includedCategories: CATEGORIES }, act));
  const [page] = threads.toSorted((a, b) => work(b) - work(a));
  const tasks = page.filter(({ within }) => !within.some(({ args }) => interfaceOf(args) === MEASURING));
  for (const task of tasks) if (task.dur >= 1000 * LONG) tell(task);
  return tasks.map(({ dur, tdur = dur }) => ({ wall: dur / 1000, processor: tdur / 1000 }));
}

/** How long a thread worked; the page does most, beside a page that Chromium starts with. */
const work = (tasks) => tasks.reduce((sum, { dur }) => sum + dur, 0);

const interfaceOf = ({ chrome_mojo_event_info: message }) => message?.mojo_interface_tag;

/** The tasks of each page's main thread, each with what happened within. */
function nested(events) {
  const thread = ({ pid, tid }) => `${pid} ${tid}`;
  const named = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  return [...new Set(named.map(thread))].map((main) => {
    const tasks = [];
    const spans = events.filter((event) => event.ph === "X" && thread(event) === main);
    spans.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
    const open = [];
    for (const span of spans) {
      while (open.length && open.at(-1).ts + open.at(-1).dur <= span.ts) open.pop();
      (open.at(-1)?.within ?? tasks).push(Object.assign(span, { within: [] }));
      open.push(span);
    }
    return tasks;
  });
}

/** Prints what a task spent its time with. */
function tell(task) {
  const parts = new Map();
  const add = ({ name, args, dur, within }) => {
    const own = dur - within.reduce((sum, { dur }) => sum + dur, 0);
    const what = [name, args.data?.functionName, interfaceOf(args)].filter(Boolean).join(" ");
    parts.set(what, (parts.get(what) ?? 0) + own / 1000);
    within.forEach(add);
  };
  add(task);
  const longest = [...parts].sort((a, b) => b[1] - a[1]).slice(0, 6);
  const list = longest.map(([what, milliseconds]) => `${what} ${milliseconds.toFixed(0)}`).join(", ");
  console.log(`a task of ${(task.dur / 1000).toFixed(0)} ms: ${list}`);
}
