// How titles are spelled: what two spellings of one have in common. The browser knows Unicode already, so the engine need
// not carry its tables.

/** Letters that no accent makes. */
const LETTERS: Record<string, string> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** A text without case and accents. */
export const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter);

const ARTICLE = "the|a|an|le|la|les|l|un|une|el|los|las|il|lo|gli|der|die|das|ein|eine|de|het|o|os|as";
const LEADING = new RegExp(`^(?:${ARTICLE}) (?=.)`);
const MOVED = new RegExp(`^(.*), (${ARTICLE})'?$`);
const YEAR = /\((\d{4})\)\s*$/;

/** The year in brackets at a title's end, as MovieLens has it. */
export const yearIn = (title: string): number | undefined => {
  const year = YEAR.exec(title)?.[1];
  return year === undefined ? undefined : Number(year);
};

/** A text's words with one space between two: without case, accents and punctuation, a moved article in its place. */
export const wordsOf = (text: string): string => spaced(bare(text).replace(MOVED, "$2 $1"));

/** The same as it stands. */
export const plainWords = (text: string): string => spaced(bare(text));

const bare = (text: string): string => fold(text).replace(/['’`´]/g, "").replace(/&/g, " and ").trim();

const spaced = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Words without a leading article. */
export const withoutArticle = (words: string): string => words.replace(LEADING, "");

/** What a title is called, without its year: the whole, then each name that stands in brackets. */
export function namesOf(title: string): string[] {
  const bare = title.replace(YEAR, "").trim();
  const inside = [...bare.matchAll(/\(([^()]*)\)/g)].map(([, text = ""]) => text.replace(/^a\.?k\.?a\.? /i, ""));
  const names = inside.length ? [bare.replace(/\([^()]*\)/g, " ").trim(), ...inside] : [bare];
  return names.filter((name) => name !== "");
}

/** What two spellings of a title have in common, by {@link namesOf}. */
export const keysOf = (title: string): string[] =>
  namesOf(title)
    .map((name) => withoutArticle(wordsOf(name)))
    .filter((key) => key !== "");
