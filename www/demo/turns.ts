// The page's parts follow a change one after the other, each in a task and a frame of its own: together they would hold
// it up.

import { frame, task } from "./pause.js";

let last: Promise<unknown> = Promise.resolve();
let ended = 0;

/** When a part last had its turn, on the clock of frames: the next frame has to show what it did. */
export const lastTurn = (): number => ended;

/** A function that has `work` done in its turn, once however often it is asked for until then; resolves when it is. */
export function inTurn(work: () => void | Promise<void>): () => Promise<void> {
  let due: Promise<void> | undefined;
  return () => {
    if (due) return due;
    const done = last.then(task).then(() => {
      due = undefined;
      return work();
    });
    last = done
      .catch(() => {})
      .then(() => {
        ended = performance.now();
        return frame();
      });
    due = done;
    return done;
  };
}
