// A text's words, as a teacher's tokeniser takes them before it cuts them: what words/src/plain.rs does natively.

/** What is done with a text's letters. */
export interface Rules {
  clean_text: boolean;
  chinese_characters: boolean;
  strip_accents: boolean;
  lowercase: boolean;
}

const CONTROL = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\ufffd]/gu;
/** The blocks of CJK ideographs that BERT's authors chose. */
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const PUNCTUATION = /[!-/:-@[-`{-~]|\p{P}/gu;

/** Words and marks of punctuation, with a blank between them. */
export function plain(text: string, rules: Rules): string {
  let words = text;
  if (rules.clean_text) words = words.replace(CONTROL, "");
  if (rules.chinese_characters) words = words.replace(CHINESE, " $& ");
  if (rules.strip_accents) words = words.normalize("NFD").replace(/\p{Mn}/gu, "");
  // Letter by letter: of all only sigma is written otherwise at the end of a word.
  if (rules.lowercase) words = words.replaceAll("Σ", "σ").toLowerCase();
  return words.replace(PUNCTUATION, " $& ").split(/\p{White_Space}+/u).filter(Boolean).join(" ");
}
