// Posters made of type and one drawing: the data has no images. The same film looks the same everywhere.

import type { Item } from "foldin";
import { h, svg } from "./dom.js";
import { words } from "./language.js";
import { draw } from "./motifs.js";
import { randomFrom } from "./random.js";
import { itemHash } from "./route.js";

/** The genres with a look of their own, the telling ones first: a science-fiction comedy looks like the former. */
const CHARACTER = [
  ["Film-Noir", 250],
  ["Western", 60],
  ["Sci-Fi", 275],
  ["Horror", 20],
  ["Animation", 175],
  ["Fantasy", 305],
  ["Musical", 340],
  ["Documentary", 210],
  ["Mystery", 290],
  ["Children's", 85],
  ["Romance", 5],
  ["War", 120],
  ["Crime", 40],
  ["Adventure", 150],
  ["Thriller", 235],
  ["Action", 30],
  ["Comedy", 95],
  ["Drama", 225],
] as const;

/** The typeface that suits a genre; the sheet of styles has the fonts. */
const FACES: Record<string, string> = {
  Drama: "serif",
  Documentary: "serif",
  "Film-Noir": "italic",
  Mystery: "italic",
  Romance: "italic",
  Action: "narrow",
  Crime: "narrow",
  Horror: "narrow",
  Thriller: "narrow",
  War: "narrow",
  Western: "narrow",
};

/** An article that a catalogue has moved behind the title, for sorting. */
const MOVED = /^(.+), (The|An?|L[ae]s?|Il|El|D[aei][rs]?)$/;

/** What an item is called, also where its catalogue has no titles. */
export const titleOf = ({ item, title }: Pick<Item, "item" | "title">): string =>
  title?.replace(MOVED, "$2 $1") || (/^\d+$/.test(item) ? words.untitled(item) : item);

/** Its year, where it has one. */
export const yearOf = ({ numbers }: Item): string => (numbers?.year === undefined ? "" : String(numbers.year));

/** What stands under its title: year and genres, in the visitor's language. */
export const detailsOf = (item: Item): string =>
  [yearOf(item), ...genresOf(item).map(genreName)].filter(Boolean).join(" · ");

/** A genre in the visitor's language. */
export const genreName = (genre: string): string => words.genres[genre] ?? genre;

/** Its genres. */
const genresOf = ({ tags }: Item): string[] => tags?.genres ?? [];

/** The drawing alone, for small places. */
export function thumbnail(item: Item): HTMLElement {
  const { style, drawing } = look(item);
  return h("span", { class: "thumbnail", style, "aria-hidden": "true" }, drawing);
}

/**
 * A whole poster; `heading` is the title's element, so that each place has its right level. Its text is read with a space
 * between its words.
 */
export function poster(item: Item, heading: "h3" | "p"): HTMLElement {
  const { style, drawing, face, genre } = look(item);
  const title = titleOf(item);
  return h(
    "div",
    { class: "poster", style, "data-face": face },
    drawing,
    h(heading, { class: "poster-title", style: `--size:${titleSize(title)}` }, title),
    " ",
    h("p", { class: "poster-foot" }, h("span", {}, yearOf(item)), " ", h("span", {}, genreName(genre))),
  );
}

/** A poster that leads to the film's own view; the link has its name from the start, though the poster may wait. */
export function posterLink(item: Item, heading: "h3" | "p"): HTMLElement {
  const print = poster(item, heading);
  return h("a", { class: "poster-link", href: itemHash(item.item), "aria-label": print.textContent }, print);
}

/** The hue that stands for a film's genre. */
export function hueOf(film: Item): number {
  const genres = genresOf(film);
  return CHARACTER.find(([name]) => genres.includes(name))?.[1] ?? 0;
}

interface Look {
  style: string;
  drawing: SVGElement;
  face: string | undefined;
  genre: string;
}

function look(item: Item): Look {
  const genres = genresOf(item);
  const random = randomFrom(`${titleOf(item)} ${yearOf(item)}`);
  const [genre, base] = CHARACTER.find(([name]) => genres.includes(name)) ?? ["", random() * 360];
  const hue = base + (random() - 0.5) * 26;
  const drawing = svg(
    "svg",
    { viewBox: "0 0 100 100", preserveAspectRatio: "xMidYMid slice", "stroke-linecap": "round", "aria-hidden": "true" },
    ...draw(genre, random),
  );
  return { style: colours(hue, Number(yearOf(item)) || 1990, random() < 0.5), drawing, face: FACES[genre], genre };
}

/** Ground, ink and two colours to draw with. Older films are printed in paler inks. */
function colours(hue: number, year: number, dark: boolean): string {
  const age = Math.min(1, Math.max(0, (1998 - year) / 60));
  const chroma = 0.15 - 0.09 * age;
  const opposite = hue + 150;
  return dark
    ? `--ground:oklch(0.27 ${chroma * 0.55} ${hue});--ink:oklch(0.97 0.02 ${hue});` +
        `--a:oklch(0.55 ${chroma} ${hue});--b:oklch(0.8 ${chroma} ${opposite})`
    : `--ground:oklch(0.93 ${chroma * 0.3} ${hue});--ink:oklch(0.24 ${chroma * 0.5} ${hue});` +
        `--a:oklch(0.7 ${chroma} ${hue});--b:oklch(0.5 ${chroma} ${opposite})`;
}

/** Sizes of type, in hundredths of the poster's width: few, as each is a font that the browser has to make. */
const SIZES = [17, 15, 13, 11, 9.5, 8, 7];

/** Type as large as the longest word and the whole title allow. */
function titleSize(title: string): number {
  const longest = Math.max(...title.split(/[\s-]+/).map((word) => word.length));
  const most = Math.min(118 / longest, Math.sqrt(5600 / title.length));
  return SIZES.find((size) => size <= most) ?? 7;
}
