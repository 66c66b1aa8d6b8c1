// Files that are made up: a shop of films with clicks, to train a model of any size on, and somebody's list of films.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const [USERS, CLICKS, KINDS] = [4000, 50, 40];
const GENRES = ["Action", "Comedy", "Drama", "Horror", "Romance", "Sci-Fi", "Western", "Musical"];

/** Writes clicks.csv and films.csv into the folder. Users click on films of a few kinds, famous ones more often. */
export function writeCatalogue(folder, items) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const films = ["item_id,title,genres,year"];
  for (let item = 0; item < items; item++) {
    films.push(`${item},The ${GENRES[item % 8]} of Number ${item},${GENRES[item % 8]},${1930 + (item % 69)}`);
  }
  const clicks = ["user_id,item_id"];
  for (let user = 0; user < USERS; user++) {
    const seen = new Set();
    while (seen.size < CLICKS) {
      const kind = (user + (random() < 0.3 ? Math.floor(random() * KINDS) : user % 3)) % KINDS;
      seen.add(Math.floor(random() ** 2 * (items / KINDS)) * KINDS + kind);
    }
    for (const item of seen) clicks.push(`${user},${item}`);
  }
  // Each film at least once, so that all are in the model.
  for (let item = 0; item < items; item++) clicks.push(`${USERS + (item % 500)},${item}`);
  writeFileSync(join(folder, "films.csv"), films.join("\n"));
  writeFileSync(join(folder, "clicks.csv"), clicks.join("\n"));
}

/** Writes a person's list as Letterboxd exports it: two of the films' own, and very many others. */
export function writeList(file) {
  const lines = ["Date,Name,Year,Letterboxd URI,Rating"];
  for (let line = 0; line < 2000; line++) lines.push(`2024-01-01,Film of Number ${line},1999,https://boxd.it/x,3`);
  lines.push("2024-01-01,Star Wars,1977,https://boxd.it/x,5", "2024-01-01,Fargo,1996,https://boxd.it/x,4");
  writeFileSync(file, lines.join("\n"));
}
