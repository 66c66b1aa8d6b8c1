// The texts of a list that a person gives: in whatever encoding, packed or not, several of them in an archive.

import { Gunzip, Unzip, UnzipInflate, unzipSync } from "fflate";
import { FoldinError } from "../errors.js";
import { Moments } from "../host/task.js";

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

/** The texts in what was given, unpacked and decoded in short tasks. */
export async function textsOf(list: string | Blob): Promise<ListText[]> {
  if (typeof list === "string") return [{ name: "", text: list }];
  const name = (list as Partial<File>).name ?? "";
  if (list.size > MAX_TEXT) throw refused(`${list.size} bytes, more than ${MAX_TEXT}`, "give a part of it");
  const bytes = new Uint8Array(await list.arrayBuffer());
  const moments = new Moments();
  const [first, second] = bytes;
  if (first === 0x50 && second === 0x4b) return unzipped(bytes, moments);
  const packed = first === 0x1f && second === 0x8b;
  return [{ name, text: await decoded(packed ? await gunzipped(bytes, moments) : [bytes], moments) }];
}

/** Packed bytes that are unpacked at a time: they become a thousand times as many at most. */
const SLICE = 1_024;

/** Hands bytes over in slices, a short task for some of them. */
async function pushed(bytes: Uint8Array, moments: Moments, push: (slice: Uint8Array, last: boolean) => void): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE) {
    await moments.next();
    push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
  }
}

/** Collects unpacked bytes, and refuses more of them than a list may have. */
function collector(archive: string, remedy: string): (part: Uint8Array, into: Uint8Array[]) => void {
  let left = MAX_TEXT;
  return (part, into) => {
    left -= part.length;
    if (left < 0) throw refused(`${archive} of more than ${MAX_TEXT} bytes`, remedy);
    into.push(part);
  };
}

async function gunzipped(bytes: Uint8Array, moments: Moments): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  const collect = collector("a gzip archive", "give a part of it");
  let isWhole = false;
  const gunzip = new Gunzip((part, last) => {
    collect(part, parts);
    isWhole = last;
  });
  return whole(
    pushed(bytes, moments, (slice, last) => gunzip.push(slice, last)).then(() => isWhole && parts),
    "a gzip archive that is damaged or cut short",
    "download it again",
  );
}

async function unzipped(bytes: Uint8Array, moments: Moments): Promise<ListText[]> {
  const damaged = ["a zip archive that is damaged, or has a password", "unpack it and give the list"] as const;
  const names: string[] = [];
  const listed = async () => unzipSync(bytes, { filter: ({ name }) => names.push(name) < 0 });
  await whole(listed(), ...damaged);
  const chosen = chosenOf(names);
  const collect = collector("a zip archive", damaged[1]);
  const files = new Map<string, Uint8Array[]>();
  let open = 0;
  const unzip = new Unzip((file) => {
    if (!chosen.includes(file.name)) return;
    const parts: Uint8Array[] = [];
    files.set(file.name, parts);
    open += 1;
    file.ondata = (error, part, last) => {
      if (error) throw error;
      collect(part, parts);
      if (last) open -= 1;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  const unpacked = pushed(bytes, moments, (slice, last) => unzip.push(slice, last));
  await whole(unpacked.then(() => open === 0 && files.size === chosen.length), ...damaged);
  const texts: ListText[] = [];
  for (const name of chosen) texts.push({ name, text: await decoded(files.get(name) ?? [], moments) });
  return texts;
}

/** The lists of an archive with these files, what tells more last. */
function chosenOf(names: string[]): string[] {
  const place = (name: string): number => (GONE.test(name) ? -1 : IN_ARCHIVES.findIndex((list) => list.test(name)));
  const known = names.filter((name) => place(name) >= 0);
  const tables = names.filter((name) => /\.(csv|tsv|txt|json)$/i.test(name) && !GONE.test(name));
  const chosen = known.length > 0 ? known : tables.length === 1 ? tables : [];
  if (chosen.length === 0) {
    throw refused(`a zip archive with ${names.slice(0, 6).join(", ") || "nothing in it"}`, "unpack it and give the list");
  }
  return chosen.sort((a, b) => place(a) - place(b));
}

/** What comes of unpacking; where it fails or finds no end, the archive is refused. */
async function whole<T>(work: Promise<T | false>, found: string, remedy: string): Promise<T> {
  let result: T | false = false;
  try {
    result = await work;
  } catch (error) {
    if (error instanceof FoldinError) throw error;
  }
  if (result === false) throw refused(found, remedy);
  return result;
}

/** UTF-8 or UTF-16, or else what spreadsheets in the West write. */
async function decoded(parts: Uint8Array[], moments: Moments): Promise<string> {
  const head = parts[0]?.subarray(0, 1000) ?? new Uint8Array();
  const [first, second] = head;
  const zeros = (from: number): number => head.filter((byte, at) => at % 2 === from && byte === 0).length;
  if ((first === 0xff && second === 0xfe) || zeros(1) > 300) return textOf(parts, new TextDecoder("utf-16le"), moments);
  if ((first === 0xfe && second === 0xff) || zeros(0) > 300) return textOf(parts, new TextDecoder("utf-16be"), moments);
  try {
    return await textOf(parts, new TextDecoder("utf-8", { fatal: true }), moments);
  } catch {
    return textOf(parts, new TextDecoder("windows-1252"), moments);
  }
}

/** Bytes that are decoded at a time. */
const DECODED = 1 << 18;

async function textOf(parts: Uint8Array[], decoder: TextDecoder, moments: Moments): Promise<string> {
  const texts: string[] = [];
  for (const part of parts) {
    for (let at = 0; at < part.length; at += DECODED) {
      await moments.next();
      texts.push(decoder.decode(part.subarray(at, at + DECODED), { stream: true }));
    }
  }
  texts.push(decoder.decode());
  return texts.join("");
}
