// What a page's own thread did, from Chromium's trace: timers that fire late tell of a busy machine as well.

import { traced } from "../trace.mjs";

/** Runs `work` and returns, for each span that it marked by `performance.mark("NAME begins")` and `"NAME ends"`, the
 * longest tasks of the marking thread in milliseconds: as the clock saw them, and of processor time. */
export async function longestTasks(browser, work) {
  const traceConfig = { includedCategories: ["toplevel", "blink.user_timing"], excludedCategories: ["*"] };
  const events = await traced(browser, traceConfig, work);
  const spans = {};
  for (const begins of events.filter(({ name }) => name.endsWith(" begins"))) {
    const name = begins.name.slice(0, -" begins".length);
    const ends = events.find((event) => event.name === `${name} ends`);
    const sameThread = ({ pid, tid }) => pid === begins.pid && tid === begins.tid;
    const within = ({ ts, dur }) => ts < ends.ts && ts + dur > begins.ts;
    const tasks = events.filter((event) => event.ph === "X" && sameThread(event) && within(event));
    spans[name] = {
      "longest task": longest(tasks.map(({ dur }) => dur)),
      "of processor time": longest(tasks.map(({ tdur = 0 }) => tdur)),
    };
  }
  return spans;
}

const longest = (microseconds) => Number((microseconds.reduce((most, one) => Math.max(most, one), 0) / 1000).toFixed(2));
