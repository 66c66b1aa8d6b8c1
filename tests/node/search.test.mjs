// Titles are found as people type them: MovieLens' 1,682, each in several spellings.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { random } from "../../examples/shop/make.mjs";
import { importPackage, modelBytes } from "../support/environment.mjs";

const { Recommender } = await importPackage();
const shop = await Recommender.load(modelBytes());
after(() => shop.close());
const films = await shop.items({ count: 10_000 });

const shown = (title) => title.replace(/^(.*?), (The|A|An|La|Le|Les|Il|El|Das|Der|Die)( \(|$)/, "$2 $1$3");

const chance = random(5);

/** The text with a letter too many, one missing, another one, or two changed round. */
function misspelt(text) {
  const at = Math.floor(chance() * (text.length - 1));
  const letter = String.fromCharCode(97 + Math.floor(26 * chance()));
  const [before, here, next, rest] = [text.slice(0, at), text[at], text[at + 1], text.slice(at + 2)];
  return before + [letter + here + next, next, letter + next, next + here][Math.floor(4 * chance())] + rest;
}

/** How many films are not found by what `typed` makes of them: among the first `among`, by the same title. */
async function wrong(typed, among = 1, of = films) {
  const missed = [];
  for (const film of of) {
    const text = typed(film);
    const found = await shop.search(text, { count: 8 });
    if (!found.slice(0, among).some(({ title }) => title === film.title)) missed.push(`${text} for ${film.title}`);
  }
  return missed;
}

const few = (missed) => assert.ok(missed.length <= 3, `${missed.length} wrong: ${missed.slice(0, 8).join("; ")}`);

test("a title as the catalogue has it is found first", async () => few(await wrong(({ title }) => title)));
test("a title as a page shows it is found first", async () => {
  const moved = films.filter(({ title }) => shown(title) !== title);
  assert.ok(moved.length > 300, `${moved.length} titles with a moved article`);
  few(await wrong(({ title }) => shown(title), 1, moved));
});
test("a title with its year is found first", async () =>
  few(await wrong(({ title, numbers }) => `${shown(title)} (${numbers?.year ?? ""})`, 1, films.filter(({ numbers }) => numbers?.year))));
test("a title without punctuation and capitals is found first", async () =>
  few(await wrong(({ title }) => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " "))));
test("a title with a typing error is found", async () =>
  few(await wrong(({ title }) => misspelt(shown(title)), 8, films.filter(({ title }) => shown(title).length >= 6))));
test("a word with a typing error is found within a title", async () => {
  const long = films.flatMap((film) => {
    const word = film.title.split(/[^\p{L}'’]+/u).findLast((word) => word.length >= 7);
    return word ? [{ ...film, word }] : [];
  });
  const missed = [];
  for (const { title, word } of long) {
    const found = await shop.search(misspelt(word), { count: 200 });
    if (!found.some((film) => film.title === title)) missed.push(`${word} for ${title}`);
  }
  few(missed);
});

test("of films that are found alike, the visitor's own taste decides", async () => {
  const visitor = await Recommender.load(modelBytes());
  const order = async () => (await visitor.search("star", { count: 5 })).map(({ item }) => item);
  const before = await order();
  const [, , third] = before;
  await visitor.record([{ item: third, event: "like" }, ...before.slice(0, 2).map((item) => ({ item, event: "dislike" }))]);
  const after = await order();
  assert.ok(after.indexOf(third) < 2, `${after}`);
  await visitor.close();
});

test("whatever is typed is an answer", async () => {
  for (const text of ["", " ", "(", "()", ", the", "the", "1994", "(1994)", "\u0000", "🎬", "a".repeat(10_000), "M*A*S*H"]) {
    assert.ok(Array.isArray(await shop.search(text, { count: 3 })), text);
  }
});
