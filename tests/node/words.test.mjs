// A page's plain words beside those of Hugging Face's `tokenizers` (tests/words/golden.py). FOLDIN_TOKENS names a longer file of the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { transformSync } from "../../www/node_modules/esbuild/lib/main.js";

const file = process.env.FOLDIN_TOKENS ?? new URL("../words/golden.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8"));
const source = readFileSync(new URL("../../www/src/lazy/words-plain.ts", import.meta.url), "utf8");
const { code } = transformSync(source, { loader: "ts", format: "esm" });
const { plain } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
const RULES = { clean_text: true, chinese_characters: true, strip_accents: true, lowercase: true };

test("words are parted as the teacher's tokeniser parts them", (t) => {
  const wrong = cases.filter(([text, words]) => plain(text, RULES) !== words);
  t.diagnostic(`${wrong.length} of ${cases.length} texts differ, Unicode ${process.versions.unicode}`);
  assert.deepEqual(wrong.slice(0, 5).map(([text, words]) => [text, plain(text, RULES), words]), [], `${wrong.length} of ${cases.length}`);
});

test("a megabyte and halves of characters are text like any other", () => {
  const long = plain(`${"Robots, ".repeat(131_072)}\ud800`, RULES);
  assert.equal(long.split(" ").length, 2 * 131_072);
  assert.equal(plain("a\udc00b", RULES), "ab");
});
