// The list of parts in the metadata of a head. It comes from a server, so that all of it is checked.

import { FoldinError } from "../../errors.js";

/** What a head says of the parts that follow it. */
export interface PartList {
  /** The first row of each part, and the number of items. */
  firsts: number[];
  /** By the names of offsets, where each part's texts and tags start, and how many there are. */
  starts: Record<string, number[]>;
  files: PartFile[];
}

/** A part, beside the head. */
export interface PartFile {
  file: string;
  bytes: number;
  integrity: string;
}

const MOST_PARTS = 10_000;

/** Reads the list of the head that is called `name`; the engine checks whether its numbers fit each other. */
export function readList(text: string, name: string): PartList {
  try {
    const list = JSON.parse(text) as PartList;
    const { firsts, starts, files } = list;
    const isGood =
      Array.isArray(files) &&
      files.length > 0 &&
      files.length <= MOST_PARTS &&
      files.every(isFile) &&
      [firsts, ...Object.values(starts)].every((numbers) => areRows(numbers, files.length + 1));
    if (isGood) return list;
  } catch {
    // Text that is no JSON is told below.
  }
  const remedy = "the head is damaged, or from a newer foldin: deploy again";
  throw new FoldinError("format", `${name}: expected a list of parts, found something else; ${remedy}`);
}

/** A file's name leads nowhere but beside the head. */
const isFile = ({ file, bytes, integrity }: PartFile): boolean =>
  /^[\w-][\w.-]*$/.test(file) && Number.isSafeInteger(bytes) && bytes > 0 && /^sha256-[\w+/]{43}=$/.test(integrity);

const areRows = (numbers: unknown, length: number): boolean =>
  Array.isArray(numbers) && numbers.length === length && numbers.every((n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32);
