import "./style/fonts.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/search.css";
import "./style/shelf.css";
import "./style/poster.css";
import "./style/map.css";
import "./style/sheet.css";
import { type Progress, Recommender } from "foldin";
import { byId, h } from "./dom.js";
import { showEmbed } from "./embed.js";
import { bytes, choose, LANGUAGES, language, number, speak, words } from "./language.js";
import { keepRoomForMap, Page } from "./page.js";
import { frame, layOut } from "./pause.js";
import { Questions } from "./questions.js";
import { countRequests } from "./requests.js";
import { showTrouble } from "./trouble.js";
import { trustOwnScripts } from "./trusted.js";
import { inTurn } from "./turns.js";
import { followWindow } from "./whole.js";

trustOwnScripts();

const MODEL = new URL("./movies.safetensors", document.baseURI);
const TABLE = HAS_WORDS ? { words: new URL("./words.safetensors", document.baseURI) } : {};

/** Whether there is room for the parts that are nothing without a model: while it is on its way there is. */
function keepRoomForModel(coming: boolean): void {
  byId("search").hidden = !coming;
  keepRoomForMap(coming);
}

const status = byId("status");
const tell = (message: string): void => {
  status.textContent = message;
};

/** Loads the model and opens the page's parts; when that fails says why, and can be tried again. */
async function start(page: Page): Promise<void> {
  byId("trouble").replaceChildren();
  keepRoomForModel(true);
  tell(words.fetching);
  try {
    const recommender = await Recommender.load(MODEL, { worker: true, profile: "default", onProgress, ...TABLE });
    // At once, before a notice can pass by. When the newer model does not arrive the page goes on with the one it has.
    recommender.on("stale", () => recommender.update().catch(() => {}));
    await page.show(recommender);
    const { items, bytes: size } = recommender.info;
    tell(navigator.onLine ? words.ready(number(items), bytes(size)) : words.offline);
    status.dataset.ready = "true";
  } catch (error) {
    byId("shelf").replaceChildren();
    keepRoomForModel(false);
    tell("");
    return showTrouble(byId("trouble"), words.noModel, error as Error, () => void start(page));
  }
  // The shelf stands without it.
  await page.showRest().catch(({ message }: Error) => tell(message));
  await page.ask();
  // Typefaces that no poster has used yet are part of the page, too.
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  countRequests(byId("requests"));
}

function onProgress({ loaded, total }: Progress): void {
  tell(words.fetchingPart(Math.round((100 * loaded) / total), bytes(total)));
}

/** The choice of a language, in the languages' own names. */
function showLanguages(select: HTMLElement): void {
  const options = Object.entries(LANGUAGES).map(([value, name]) =>
    h("option", { value, lang: value, selected: value === language }, name),
  );
  select.replaceChildren(...options);
  select.addEventListener("change", () => choose((select as HTMLSelectElement).value));
}

/** Brings a part of the page when it is opened for the first time. */
function openLater(id: string, bring: (section: HTMLDetailsElement) => Promise<void>): void {
  const section = byId(id) as HTMLDetailsElement;
  const open = (): void => void bring(section).then(layOut, ({ message }: Error) => tell(message));
  section.addEventListener("toggle", open, { once: true });
}

await speak();
showLanguages(byId("language"));
// To ask for the window's size is to lay the page out: once it is.
void frame().then(followWindow);
const page = new Page(tell);
const questions = new Questions();
openLater("hood", async (section) => (await import("./hood/hood.js")).showHood(section, page, questions));
openLater("own", async (section) => (await import("./own/own.js")).showOwn(section, page));
void start(page).then(inTurn(() => showEmbed(byId("embed"))));
addEventListener("offline", () => tell(words.offline));
// Where a browser refuses service workers the page needs a network, and that is all.
if (import.meta.env.PROD) navigator.serviceWorker?.register("./sw.js").catch(() => {});
