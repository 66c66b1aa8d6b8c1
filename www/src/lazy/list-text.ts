// The texts of a list that a person gives: in whatever encoding, packed or not, several of them in an archive.

import { gunzipSync, unzipSync } from "fflate";
import { FoldinError } from "../errors.js";

/** A list as text, and the name of its file; a text alone has none. */
export interface ListText {
  name: string;
  text: string;
}

/** The longest list that is read. */
export const MAX_TEXT = 50_000_000;

/** What Letterboxd's and Trakt's archives have of what was seen, what tells more last; the rest are wishes and drafts. */
const IN_ARCHIVES = [
  /^(.*\/)?watched(-movies|-history.*)?\.(csv|json)$/,
  /^likes\/films\.csv$/,
  /^diary\.csv$/,
  /^(.*\/)?ratings(-movies)?\.(csv|json)$/,
];
/** What was deleted, or belongs to an account that is gone. */
const GONE = /^(deleted|orphaned|lists|__MACOSX)\//;

const refused = (found: string, remedy: string): FoldinError =>
  new FoldinError("format", `history: expected a list as CSV or text, found ${found}; ${remedy}`);

/** The texts in what was given. */
export async function textsOf(list: string | Blob): Promise<ListText[]> {
  if (typeof list === "string") return [{ name: "", text: list }];
  const name = (list as Partial<File>).name ?? "";
  if (list.size > MAX_TEXT) throw refused(`${list.size} bytes, more than ${MAX_TEXT}`, "give a part of it");
  const bytes = new Uint8Array(await list.arrayBuffer());
  const [first, second] = bytes;
  if (first === 0x50 && second === 0x4b) return unzipped(bytes);
  if (first !== 0x1f || second !== 0x8b) return [{ name, text: decoded(bytes) }];
  // The last four bytes say how long it becomes.
  const length = new DataView(bytes.buffer).getUint32(bytes.length - 4, true);
  if (length > MAX_TEXT) throw refused(`${length} bytes, more than ${MAX_TEXT}, in a gzip archive`, "give a part of it");
  try {
    return [{ name, text: decoded(gunzipSync(bytes, { out: new Uint8Array(length) })) }];
  } catch {
    throw refused("a gzip archive that is damaged or cut short", "download it again");
  }
}

function unzipped(bytes: Uint8Array): ListText[] {
  const names: string[] = [];
  const place = (name: string): number => (GONE.test(name) ? -1 : IN_ARCHIVES.findIndex((list) => list.test(name)));
  try {
    unzipSync(bytes, { filter: ({ name }) => names.push(name) < 0 });
    const known = names.filter((name) => place(name) >= 0);
    const tables = names.filter((name) => /\.(csv|tsv|txt|json)$/i.test(name) && !GONE.test(name));
    const chosen = known.length > 0 ? known : tables.length === 1 ? tables : [];
    if (chosen.length === 0) {
      throw refused(`a zip archive with ${names.slice(0, 6).join(", ") || "nothing in it"}`, "unpack it and give the list");
    }
    let left = MAX_TEXT;
    const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
      if (!chosen.includes(name)) return false;
      left -= originalSize;
      if (left < 0) throw refused(`a zip archive of more than ${MAX_TEXT} bytes`, "unpack it and give the list");
      return true;
    };
    const files = Object.entries(unzipSync(bytes, { filter }));
    return files
      .map(([name, bytes]) => ({ name, text: decoded(bytes) }))
      .sort((a, b) => place(a.name) - place(b.name));
  } catch (error) {
    if (error instanceof FoldinError) throw error;
    throw refused("a zip archive that is damaged, or has a password", "unpack it and give the list");
  }
}

/** UTF-8 or UTF-16, or else what spreadsheets in the West write. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const zeros = (from: number): number => bytes.slice(0, 1000).filter((byte, at) => at % 2 === from && byte === 0).length;
  if ((first === 0xff && second === 0xfe) || zeros(1) > 300) return new TextDecoder("utf-16le").decode(bytes);
  if ((first === 0xfe && second === 0xff) || zeros(0) > 300) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
