// What cannot start says why in one line, as the command does.

import { writeSync } from "node:fs";

/** Ends the process with exit code 1. */
export function refuse(message) {
  writeSync(2, `error: ${message}\n`);
  process.exit(1);
}
