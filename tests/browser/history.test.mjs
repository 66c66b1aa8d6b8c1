// People's own lists, as four sites export them, against the films of MovieLens 100K.

import assert from "node:assert/strict";
import { openBlank, story } from "./story.mjs";

const LISTS = {
  Letterboxd: [
    "Date,Name,Year,Letterboxd URI,Rating",
    "2024-01-02,The Empire Strikes Back,1980,https://boxd.it/1,5",
    '2024-01-03,"Se7en",1995,https://boxd.it/2,4.5',
    "2024-01-04,Toy Story,1995,https://boxd.it/3,",
    "2024-01-05,Dune,2021,https://boxd.it/4,4",
  ],
  IMDb: [
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres",
    'tt1,10,2020-05-31,"The Empire Strikes Back","The Empire Strikes Back",https://u,Movie,8.7,124,1980,"Action, Adventure"',
    'tt2,8,2020-06-01,"The Seventh Seal","Det sjunde inseglet",https://u,Movie,8.1,96,1957,Drama',
    "tt3,1,2020-06-02,Toy Story,Toy Story,https://u,Movie,8.3,81,1995,Animation",
    "tt4,5,2020-06-03,Toy Story 3,Toy Story 3,https://u,Movie,8.3,103,2010,Animation",
  ],
  Goodreads: [
    "Book Id,Title,Author,My Rating,Average Rating,Year Published,Original Publication Year,Date Read,Date Added,Exclusive Shelf",
    '1,"Emma (Penguin Classics, #1)",Jane Austen,5,4.0,2003,1996,2020/05/31,2020/05/01,read',
    "2,Sense and Sensibility,Jane Austen,0,4.1,1995,1995,,2020/05/02,read",
    "3,Jane Eyre,Charlotte Brontë,0,4.1,1847,1996,,2020/05/02,to-read",
    "4,Middlemarch,George Eliot,4,4.0,1871,1871,2020/06/01,2020/05/02,read",
  ],
  MovieLens: [
    "movie_id,imdb_id,tmdb_id,rating,average_rating,title",
    '1196,80684,1891,5.0,4.2,"Star Wars: Episode V - The Empire Strikes Back (1980)"',
    '1,114709,862,4.0,3.9,"Toy Story (1995)"',
    '50,114814,629,4.5,4.3,"Usual Suspects, The (1995)"',
  ],
};

/** What is found of each list: titles of the events, and the lines that are not in the catalogue. */
const EXPECTED = {
  Letterboxd: { rows: 4, titles: ["Empire Strikes Back, The", "Seven (Se7en)", "Toy Story"], lines: [5] },
  IMDb: { rows: 4, titles: ["Empire Strikes Back, The", "Seventh Seal, The (Sjunde inseglet, Det)", "Toy Story"], lines: [5] },
  Goodreads: { rows: 3, titles: ["Emma", "Sense and Sensibility"], lines: [5] },
  MovieLens: { rows: 3, titles: ["Toy Story", "Usual Suspects, The"], lines: [2] },
};

for (const [source, lines] of Object.entries(LISTS)) {
  story(`a list from ${source} becomes events`, {}, async ({ page }) => {
    await openBlank(page);
    const found = await page.evaluate(async (text) => {
      const { Recommender } = await import("/package/dist/index.js");
      const shop = await Recommender.load("/movies.safetensors", { worker: true });
      const first = await shop.importHistory(text);
      const again = await shop.importHistory(text);
      const events = await shop.events();
      const titles = await Promise.all(events.map(async ({ item }) => (await shop.item(item)).title));
      return { first, again, events, titles };
    }, lines.join("\r\n"));
    const expected = EXPECTED[source];
    assert.deepEqual(found.titles.toSorted(), expected.titles);
    assert.equal(found.first.source, source);
    assert.equal(found.first.rows, expected.rows);
    assert.equal(found.first.matched, expected.titles.length);
    assert.equal(found.first.added, expected.titles.length);
    assert.deepEqual(
      found.first.unmatched.map(({ line }) => line),
      expected.lines,
    );
    assert.equal(found.again.added, 0, "a list that is read twice counts once");
    for (const { event, value, scale } of found.events) {
      if (event === "rate") assert.ok(value >= scale[0] && value <= scale[1]);
      else assert.equal(event, "view");
    }
  });
}

/** Lists as people really give them, and what they tell: `title event value day`. */
const ODD = [
  ["Position,Const,Created,Title,Title Type,Year,Your Rating,Date Rated\n1,tt1,2025-07-01,Toy Story,Movie,1995,,\n2,tt2,2025-07-03,The Godfather,Movie,1972,10,2025-07-09\n", ["Godfather, The rate 10 2025-07-09"]],
  ["Const,Your Rating,Date Added,Title,Title Type,Year\ntt1,9,2017-11-08,Toy Story,movie,1995\n", ["Toy Story rate 9 2017-11-08"]],
  ["\uFEFFsep=;\nDate;Name;Year;Letterboxd URI;Rating\n31.05.2024;Toy Story;1995;https://u/1;4,5\r05.06.2024;The Godfather;1972;https://u/2;0,5\r", ["Godfather, The rate 0.5 2024-06-05", "Toy Story rate 4.5 2024-05-31"]],
  ["Const,Your Rating,Date Rated,Title,Title Type,Year\ntt1,1,2024-06-01,Toy Story,Video Game,1995\n", []],
  ["Book Id,Title,My Rating,Date Read,Exclusive Shelf,My Review\n1,Emma,0,,did-not-finish,\"a\n\nb\"\n2,Toy Story,3,2022/02/02,read,\n", ["Toy Story rate 3 2022-02-02"]],
  ["Date;Title;Rating;IMDB\n2010-05-01;Toy Story;5;tt1\n2010-06-01;The Godfather;4;tt2\n", ["Godfather, The rate 4 2010-06-01", "Toy Story rate 5 2010-05-01"]],
  ["title,author_text,openlibrary_key,finish_date,rating,shelf\nToy Story,A,k1,2024-06-05,4.5,read\nThe Godfather,B,k2,,,to-read\nEmma,B,k3,,,stopped-reading\n", ["Toy Story rate 4.5 2024-06-05"]],
  ["TMDb ID,IMDb ID,Type,Name,Release Date,Rating,Your Rating,Date Rated\n1,tt1,movie,Toy Story,1995-10-30,7.9,9,2024-06-05T10:00:00Z\n2,tt2,tv,The Godfather,1972-03-14,8.7,10,2024-06-05T10:00:00Z\n3,tt3,movie,Emma,1996-08-02,6.6,,\n", ["Toy Story rate 9 2024-06-05"]],
  ['[{"rated_at":"2024-06-05T10:00:00.000Z","rating":4,"type":"movie","movie":{"title":"Toy Story","year":1995}},{"rated_at":"2024-06-05T10:00:00.000Z","rating":9,"type":"show","show":{"title":"The Godfather","year":1972}}]', ["Toy Story rate 4 2024-06-05"]],
  ["<?xml version=\"1.0\"?>\n<myanimelist>\n<anime><series_title><![CDATA[Toy Story]]></series_title><my_score>4</my_score><my_finish_date>2024-06-05</my_finish_date><my_status>Completed</my_status></anime>\n<anime><series_title>The Godfather</series_title><my_score>0</my_score><my_status>Plan to Watch</my_status></anime>\n</myanimelist>", ["Toy Story rate 4 2024-06-05"]],
  ["uts,utc_time,artist,album,track\n1717581600,\"05 Jun 2024, 10:00\",Somebody,An Album,Toy Story\n", ["Toy Story view  2024-06-05"]],
  ["1. Toy Story (1995)\n2. The Godfather (1972)\n", ["Godfather, The view  1970-01-01", "Toy Story view  1970-01-01"]],
  ["Toy Story (1995)\nThe Godfather (1972)\n", ["Godfather, The view  1970-01-01", "Toy Story view  1970-01-01"]],
];

story("lists that went through Excel, other sites or a keyboard are read as they are meant", {}, async ({ page }) => {
  await openBlank(page);
  const found = await page.evaluate(async (texts) => {
    const { Recommender } = await import("/package/dist/index.js");
    const lists = [];
    for (const text of texts) {
      const shop = await Recommender.load("/movies.safetensors");
      await shop.importHistory(text);
      const told = async ({ item, event, value = "", time }) =>
        `${(await shop.item(item)).title} ${event} ${value} ${new Date(time).toISOString().slice(0, 10)}`;
      lists.push((await Promise.all((await shop.events()).map(told))).toSorted());
    }
    return lists;
  }, ODD.map(([text]) => text));
  for (const [at, [text, expected]] of ODD.entries()) assert.deepEqual(found[at], expected, text);
});

story("what is no list is named", {}, async ({ page }) => {
  await openBlank(page);
  const found = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const shop = await Recommender.load("/movies.safetensors");
    const texts = ["PK\u0003\u0004ratings.csv", "\uFFFD\uFFFDD\u0000a\u0000", "<!doctype html>", "Letterboxd list export v7\nDate,Name\n"];
    return Promise.all(texts.map((text) => shop.importHistory(text).catch(({ message }) => message)));
  });
  const named = ["a zip archive; unpack it", "UTF-16", "a web page", "give ratings.csv, diary.csv or watched.csv"];
  named.forEach((name, at) => assert.ok(found[at].includes(name), `${name} in ${found[at]}`));
});

story("any other text is refused, and nothing is changed", {}, async ({ page }) => {
  await openBlank(page);
  const found = await page.evaluate(async () => {
    const { Recommender } = await import("/package/dist/index.js");
    const shop = await Recommender.load("/movies.safetensors");
    const texts = ["", "a,b\n1,2", "<!doctype html><title>404</title>", '{"format":"foldin-profile"}', "\u0000\u0001"];
    const codes = [];
    for (const text of texts) codes.push(await shop.importHistory(text).catch(({ code }) => code));
    const field = await shop.importHistory(7).catch(({ field }) => field);
    return { codes, field, events: await shop.events() };
  });
  assert.deepEqual(found, { codes: Array(5).fill("format"), field: "text", events: [] });
});
