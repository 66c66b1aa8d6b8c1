// A teacher made up for tests: a dozen words on two axes of meaning, as python/foldin/teacher.py would write it.

import { join } from "./models.mjs";

/** Vocabularies begin with what is said most: signs, letters, and words that mean nothing of this. */
const COMMON = [",", ".", "'", ..."abcdefghijklmnopqrstuvwxyz0123456789", "the", "and", "but", "not", "like", "film", "##s"];

/** What the others mean: how much of machines, and of hearts. */
const MEANS = {
  robots: [1, 0], androids: [0.95, 0.05], spaceship: [0.9, 0.1], starship: [0.92, 0], machines: [0.85, 0.05],
  love: [0, 1], romance: [0.05, 0.95], kisses: [0.1, 0.9], hearts: [0.02, 0.97], wedding: [0.05, 0.85],
  ...Object.fromEntries(COMMON.map((word) => [word, [0.5, 0.5]])),
};

/** The file's bytes. */
export function teacher(change = {}) {
  const words = [...COMMON, ...Object.keys(MEANS).filter((word) => !COMMON.includes(word))];
  // What little tells every token from the others, so that there are more axes than two.
  const noise = (at, axis) => 0.05 * Math.sin(7 * at + 3 * axis);
  const rows = words.map((word, at) => [...MEANS[word].map((v) => 4 * v), ...[2, 3, 4, 5].map((axis) => noise(at, axis))]);
  const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
  const vocab = Object.fromEntries([...special, ...words].map((word, at) => [word, at]));
  const normalizer = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true };
  const numbers = Float32Array.from([...special.map(() => [0, 0, 0, 0, 0, 0]), ...rows].flat());
  return join({
    header: {
      __metadata__: {
        format: "foldin-teacher",
        teacher: "made up",
        licence: "none",
        tokenizer: JSON.stringify({ model: { type: "WordPiece", vocab }, normalizer }),
        ...change,
      },
      embeddings: { dtype: "F32", shape: [numbers.length / 6, 6], data_offsets: [0, numbers.byteLength] },
    },
    data: new Uint8Array(numbers.buffer),
  });
}
