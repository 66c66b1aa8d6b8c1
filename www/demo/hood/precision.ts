// The same model with fewer bits a number: the shelf, and how good it is, beside what it weighs.

import { h } from "../dom.js";
import { bytes, words } from "../language.js";
import type { Page } from "../page.js";

/** One of the files that `cargo xtask demo` packed, and how good its like was on hidden interactions. */
interface Packed {
  precision: string;
  file: string;
  bytes: number;
  ndcg: { mean: number; low: number; high: number };
}

/** A choice of precisions. A page without the files goes without. */
export async function showPrecisions(place: HTMLElement, page: Page): Promise<void> {
  const response = await fetch(new URL("./precisions.json", document.baseURI)).catch(() => undefined);
  if (!response?.ok) return;
  const packed = (await response.json()) as Packed[];
  const told = h("p", { class: "hint", role: "status", "data-testid": "precision-told" });
  const rows = packed.map((file) => row(file, page, told));
  const head = h("tr", {}, ...words.precisionColumns.map((name) => h("th", { scope: "col" }, name)));
  place.replaceChildren(
    h("h3", {}, words.precision),
    h("p", { class: "hint" }, words.precisionHint),
    h("table", { class: "precisions" }, h("thead", {}, head), h("tbody", {}, ...rows)),
    told,
  );
}

function row({ precision, file, bytes: size, ndcg }: Packed, page: Page, told: HTMLElement): HTMLElement {
  const input = h("input", {
    type: "radio",
    name: "precision",
    value: precision,
    checked: page.session?.recommender.info.precision === precision,
    change: () => void change(file, precision, page, told),
  });
  const label = h("label", {}, input, ` ${precision}`);
  return h("tr", {}, h("td", {}, label), h("td", {}, bytes(size)), h("td", {}, interval(ndcg)));
}

/** A mean with its 95 % interval. */
function interval({ mean, low, high }: Packed["ndcg"]): string {
  const [middle, from, to] = [mean, low, high].map((value) => value.toFixed(3));
  return `${middle} (${from} – ${to})`;
}

/** Changes the model under the visitor, and says how much of the shelf stayed. */
async function change(file: string, precision: string, page: Page, told: HTMLElement): Promise<void> {
  const { session } = page;
  if (!session) return;
  const before = session.shelf.map(({ item }) => item);
  const changed = new Promise((resolve) => session.addEventListener("change", resolve, { once: true }));
  try {
    await session.recommender.update({ source: new URL(file, document.baseURI) });
    await changed;
    const stayed = session.shelf.filter(({ item }) => before.includes(item)).length;
    told.textContent = words.precisionTold(precision, String(stayed), before.length);
  } catch (error) {
    told.textContent = (error as Error).message;
  }
}
