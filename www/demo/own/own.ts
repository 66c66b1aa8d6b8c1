// Bring your own: a list of what one saw becomes history, a table of a whole shop a model. Nothing is sent anywhere.

import "../style/own.css";
import { type InteractionColumns, Recommender } from "foldin";
import { h } from "../dom.js";
import { number, words } from "../language.js";
import type { Page } from "../page.js";
import { showLearning } from "./learn.js";
import { showNewcomer } from "./newcomer.js";
import type { Line } from "./columns.js";
import { eventsOf, readTable } from "./table.js";

/** The largest file that is read, in bytes. */
const MOST = 100e6;
const DIM = 32;

/** Fills the section: a place for files, a form for a new film, and learning live. */
export function showOwn(section: HTMLDetailsElement, page: Page): void {
  const told = h("p", { class: "hint", role: "status", "data-testid": "own-told" });
  const bar = h("progress", { max: 1, hidden: true, "aria-label": words.training });
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    try {
      if (file.size > MOST) throw new Error(words.tooLarge);
      told.textContent = words.reading(file.name);
      const table = await readTable(file);
      told.textContent =
        "shop" in table
          ? await train(table.shop, table.users, file.name, page, bar, told)
          : await importHistory(table.lines.length ? table.lines : await file.text(), page);
    } catch (error) {
      told.textContent = (error as Error).message;
    }
    bar.hidden = true;
  };
  const input = h("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", "data-testid": "own-file" });
  input.addEventListener("change", () => {
    void take(input.files?.[0]);
    input.value = "";
  });
  const drop = h("label", { class: "drop" }, h("b", {}, words.ownDrop), h("span", {}, words.ownKinds), input);
  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    void take(event.dataTransfer?.files[0]);
  });
  const [newcomer, learning] = [h("div", { class: "hood-part" }), h("div", { class: "hood-part" })];
  section.querySelector(".hood-body")?.replaceChildren(drop, bar, told, newcomer, learning);
  showNewcomer(newcomer, page);
  showLearning(learning, page);
}

/** Trains a model of the table and shows it on the page; says what it did. */
async function train(
  interactions: InteractionColumns,
  users: number,
  name: string,
  page: Page,
  bar: HTMLProgressElement,
  told: HTMLElement,
): Promise<string> {
  told.textContent = words.trainingOn(number(interactions.users.length), number(users));
  bar.hidden = false;
  bar.value = 0;
  const recommender = await Recommender.train(interactions, {
    dim: DIM,
    onProgress: ({ share }) => {
      bar.value = share;
    },
  });
  await page.visit(recommender, words.trainedName(name, number(recommender.info.items)));
  return words.trained(number(recommender.info.items));
}

/** Takes a person's own list over as history, or a table of them alone; says what it found. */
async function importHistory(list: string | Line[], page: Page): Promise<string> {
  const { session } = page;
  if (!session) return "";
  const found =
    typeof list === "string" ? await session.importHistory(list) : await session.importEvents(eventsOf(list));
  const [rows, matched] = [number(found.rows), number(found.matched)];
  if (!found.matched) return words.importedNone(rows);
  return found.added ? words.imported(matched, rows) : words.importedKnown(matched, rows);
}
