// The page's parts follow a change one after the other, each in a task and a frame of its own: together they would hold
// it up.

import { shown, task } from "./pause.js";

let last: Promise<unknown> = Promise.resolve();

/** A function that has `work` done in its turn, once however often it is asked for until then; resolves when it is. */
export function inTurn(work: () => void | Promise<void>): () => Promise<void> {
  let due: Promise<void> | undefined;
  return () => {
    if (due) return due;
    const done = last.then(task).then(() => {
      due = undefined;
      return work();
    });
    last = done.catch(() => {}).then(shown);
    due = done;
    return done;
  };
}
