// What the page says, in the visitor's language. English is at hand; another language loads when it is spoken.

import { en } from "./words/en.js";

/** Every message of the page: plain text, or a function of what it is about. */
export type Words = typeof en;

/** The languages there are, each by its own name. */
export const LANGUAGES = { en: "English", zh: "中文" } as const;
type Language = keyof typeof LANGUAGES;

const STORED = "foldin-language";

/** The messages in use. */
export let words: Words = en;
/** The language in use. */
export let language: Language = "en";

/** What leads to an item because of such an event on another one. */
export const becauseOf = (event: string): string =>
  event in words.because ? words.because[event as keyof Words["because"]] : words.because.view;

/** Takes up the visitor's language, and puts the words of index.html into it. */
export async function speak(): Promise<void> {
  language = wanted();
  document.documentElement.lang = language;
  if (language === "en") return;
  ({ words } = await import("./words/zh.js"));
  for (const element of document.querySelectorAll<HTMLElement>("[data-word]")) {
    const word = words[element.dataset.word as keyof Words];
    if (typeof word === "string") element.textContent = word;
  }
}

/** Remembers a choice; the page then starts anew in that language. */
export function choose(language: string): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage is refused: the address carries the choice.
    const address = new URL(location.href);
    address.searchParams.set("lang", language);
    return location.assign(address);
  }
  location.reload();
}

function wanted(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? stored() ?? navigator.language;
  return asked.startsWith("zh") ? "zh" : "en";
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

// Numbers and sizes are written by hand, alike in all languages here: each use of `toLocaleString` makes a formatter, which
// takes longer than a film's card.

/** A whole number in groups of three digits. */
export const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** A size in the unit that suits it. */
export function bytes(value: number): string {
  const [size, unit] = value < 1e6 ? [value / 1e3, "kB"] : [value / 1e6, "MB"];
  return `${Number(size.toFixed(size < 10 ? 1 : 0))} ${unit}`;
}

/** A large number in two digits. */
export function rounded(value: number): string {
  const [size, unit] = value < 1e6 ? [value / 1e3, "k"] : [value / 1e6, "M"];
  return number(Number(size.toPrecision(2))) + unit;
}

/** A part of a whole, in hundredths. */
export const percent = (part: number): string => `${Math.round(100 * part)}%`;

/** A duration in milliseconds. */
export const milliseconds = (value: number): string =>
  `${value < 10 ? Number(value.toFixed(1)) : number(Math.round(value))} ms`;
