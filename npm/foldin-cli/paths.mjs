// Paths of this system as the command sees them: from `/`, where a drive of Windows is a folder, `/C:/Users`.

import { existsSync } from "node:fs";

const DRIVES = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (letter) => `${letter}:`);
const ON_A_DRIVE = /^(--?[\w-]+=)?([A-Za-z]:)[\\/]/;

/** The folders that the command may look into: all, as any program that its user starts. */
export function roots(platform = process.platform) {
  if (platform !== "win32") return { "/": "/" };
  const drives = DRIVES.filter((drive) => existsSync(`${drive}\\`));
  return Object.fromEntries(drives.map((drive) => [`/${drive}`, `${drive}\\`]));
}

/** An argument, or the value behind its `=`, with a path of Windows written from `/`; any other as it is. */
export function toGuest(argument, platform = process.platform) {
  if (platform !== "win32" || !ON_A_DRIVE.test(argument)) return argument;
  const [, option = "", drive] = ON_A_DRIVE.exec(argument);
  return `${option}/${drive.toUpperCase()}${argument.slice(option.length + 2).replaceAll("\\", "/")}`;
}
