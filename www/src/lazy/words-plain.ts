// A text's words, as a teacher's tokeniser takes them before it cuts them: what words/src/plain.rs does natively.

/** What is done with a text's letters. */
export interface Rules {
  clean_text: boolean;
  chinese_characters: boolean;
  strip_accents: boolean;
  lowercase: boolean;
}

/**
 * Where marks, signs and controls came after Unicode 8, whose tables `tokenizers` has: to a teacher they are letters. Between
 * are letters and what is not assigned, so that most of what Unicode will yet get is right, too.
 */
const LATER =
  "\\u061d\\u07fd\\u0890-\\u08e2\\u09fd-\\u09fe\\u0a76\\u0afa-\\u0aff\\u0b55\\u0c04-\\u0c3c\\u0c77\\u0c84\\u0d00\\u0d3b-\\u0d3c" +
  "\\u0d81\\u0eba\\u0ece\\u180f-\\u1886\\u1abf-\\u1aeb\\u1b4e-\\u1b4f\\u1b7d-\\u1b7f\\u1df6-\\u1dfb\\u2e43-\\u2e5d\\ua82c\\ua8c5" +
  "\\ua8ff\\ua9bd\\u{10d24}-\\u{10f89}\\u{11070}-\\u{11074}\\u{110c2}-\\u{110cd}\\u{111c9}\\u{111cf}\\u{1123e}-\\u{11241}" +
  "\\u{1133b}\\u{113bb}-\\u{1145e}\\u{11660}-\\u{1166c}\\u{116b9}\\u{1182f}-\\u{11fff}\\u{12ff1}-\\u{1612f}" +
  "\\u{16d6d}-\\u{16f4f}\\u{16fe2}-\\u{16fe4}\\u{1cf00}-\\u{1cf46}\\u{1e000}-\\u{1e6f5}\\u{1e944}-\\u{1e95f}";

const CONTROL = sign("(?![\\t\\n\\r])[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\ufffd]");
/** U+1734 and U+1171E were marks in Unicode 8. */
const MARK = sign("[\\p{Mn}\\u1734\\u{1171e}]");
/** The blocks of CJK ideographs that BERT's authors chose. */
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
/** U+166D and U+111C9 were punctuation in Unicode 8. */
const PUNCTUATION = sign("[!-/:-@\\[-`{-~\\p{P}\\u166d]|\\u{111c9}");

function sign(pattern: string): RegExp {
  return new RegExp(`(?![${LATER}])${pattern}`, "gu");
}

/** Words and marks of punctuation, with a blank between them. */
export function plain(text: string, rules: Rules): string {
  let words = text;
  if (rules.clean_text) words = words.replace(CONTROL, "");
  if (rules.chinese_characters) words = words.replace(CHINESE, " $& ");
  if (rules.strip_accents) words = words.normalize("NFD").replace(MARK, "");
  // Letter by letter: of all only sigma is written otherwise at the end of a word.
  if (rules.lowercase) words = words.replaceAll("Σ", "σ").toLowerCase();
  return words.replace(PUNCTUATION, " $& ").split(/\p{White_Space}+/u).filter(Boolean).join(" ");
}
