// Bring your own: a list of what one saw becomes history, a table of a whole shop a model. Nothing is sent anywhere.

import "../style/own.css";
import { type HistoryImport, type InteractionColumns, Recommender } from "foldin";
import { h } from "../dom.js";
import { number, words } from "../language.js";
import type { Page } from "../page.js";
import type { Session } from "../session.js";
import { showLearning } from "./learn.js";
import { showMood } from "./mood.js";
import { showNewcomer } from "./newcomer.js";
import { showLook } from "./look.js";
import { eventsOf, readTable } from "./table.js";
import type { Table } from "./table.worker.js";

/** The largest file that is read, in bytes. */
const MOST = 100e6;
const DIM = 32;
/** Lines that are listed because the catalogue has not what they name. */
const LISTED = 10;

type Found = Pick<HistoryImport, "rows" | "matched" | "added"> & Partial<HistoryImport>;

/** Fills the section: a place for files, a sentence where there is a table of words, a form for a new film, and learning live. */
export function showOwn(section: HTMLDetailsElement, page: Page): void {
  const told = h("p", { class: "hint", role: "status", "data-testid": "own-told" });
  const bar = h("progress", { max: 1, hidden: true, "aria-label": words.training });
  const looked = h("div", {});
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    looked.replaceChildren();
    try {
      if (file.size > MOST) throw new Error(words.tooLarge);
      told.textContent = words.reading(file.name);
      const table = await readTable(file);
      if ("line" in table) looked.replaceChildren(showLook(table.look, table.line));
      const said =
        "shop" in table ? await train(table.shop, table.users, file.name, page, bar, told) : await importHistory(file, table, page);
      told.replaceChildren(said);
    } catch (error) {
      told.textContent = (error as Error).message;
    }
    bar.hidden = true;
  };
  const input = h("input", { type: "file", accept: ".csv,.tsv,.txt,.dat,.data,.inter,.json,.jsonl,.xml,.zip,.gz,text/*", "data-testid": "own-file" });
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
  section.querySelector(".hood-body")?.replaceChildren(drop, bar, told, looked, newcomer, learning);
  if (HAS_WORDS) {
    const mood = h("div", { class: "hood-part" });
    newcomer.before(mood);
    showMood(mood, page);
  }
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

/** Takes a person's own list over as history, or a table of them alone; says what it found, and what it did not. */
async function importHistory(file: File, table: Table, page: Page): Promise<string | DocumentFragment> {
  const { session } = page;
  if (!session) return "";
  const found: Found = "own" in table ? await session.importEvents(eventsOf(table.own)) : await listed(file, table, session);
  const [rows, matched] = [number(found.rows), number(found.matched)];
  if (!found.matched) return words.importedNone(rows);
  const said = document.createDocumentFragment();
  said.append(found.added ? words.imported(matched, rows) : words.importedKnown(matched, rows));
  const { unmatched = [], unseen = 0 } = found;
  if (unseen > 0) said.append(` ${words.importedUnseen(number(unseen))}`);
  if (unmatched.length > 0) {
    const lines = unmatched.slice(0, LISTED).map(({ line, title, year }) => words.importedLine(line, year ? `${title} (${year})` : title));
    const more = unmatched.length - lines.length;
    if (more > 0) lines.push(words.importedMore(number(more)));
    said.append(` ${words.importedMissing} `, lines.join("; "));
  }
  return said;
}

/** Reads a list; of a file that is none says what it is. */
async function listed(file: File, table: Table, session: Session): Promise<Found> {
  try {
    return await session.importHistory(file);
  } catch (error) {
    if ("refused" in table) throw new Error(table.refused);
    // Neither a list nor a table of users.
    if ("look" in table && (error as Error).message.includes("found the columns")) {
      throw new Error(words.ownUnknown(table.look.columns.map(({ name }) => name).join(", ").slice(0, 200)));
    }
    throw error;
  }
}
