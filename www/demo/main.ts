import "./style/fonts.css";
import "./style/base.css";
import "./style/layout.css";
import "./style/search.css";
import "./style/shelf.css";
import "./style/poster.css";
import "./style/sheet.css";
import { type Progress, Recommender } from "foldin";
import { byId, h } from "./dom.js";
import { showEmbed } from "./embed.js";
import { showItem } from "./item.js";
import { bytes, choose, LANGUAGES, language, number, speak, words } from "./language.js";
import { showMine } from "./mine.js";
import { countRequests } from "./requests.js";
import { followRoutes } from "./route.js";
import { showRows } from "./rows.js";
import { scenes } from "./scenes.js";
import { showSearch } from "./search.js";
import { Session } from "./session.js";
import { showTaste } from "./share.js";
import { Sheets } from "./sheet.js";
import { showShelf } from "./shelf.js";
import { Stranger } from "./stranger.js";
import { showTrouble } from "./trouble.js";

const MODEL = new URL("./movies.safetensors", document.baseURI);

const status = byId("status");
const tell = (message: string): void => {
  status.textContent = message;
};

/** Loads the model and opens the page's parts; when that fails says why, and can be tried again. */
async function start(): Promise<void> {
  byId("trouble").replaceChildren();
  byId("shelf").replaceChildren(...skeleton());
  tell(words.fetching);
  try {
    const recommender = await Recommender.load(MODEL, { worker: true, profile: "default", onProgress });
    // At once, before a notice can pass by. When the newer model does not arrive the page goes on with the one it has.
    recommender.on("stale", () => recommender.update().catch(() => {}));
    const session = await Session.start(recommender);
    showSearch(byId("search"), session, tell);
    showMine(byId("mine"), session, tell);
    showShelf(byId("shelf"), session, tell);
    showRows(byId("rows"), scenes(session, new Stranger(MODEL)), session, tell);
    showSheets(session);
    recommender.on("storage", () => warnOfStorage(recommender));
    warnOfStorage(recommender);
    const { items, bytes: size } = recommender.info;
    tell(navigator.onLine ? words.ready(number(items), bytes(size)) : words.offline);
    status.dataset.ready = "true";
    countRequests(byId("requests"));
  } catch (error) {
    byId("shelf").replaceChildren();
    tell("");
    showTrouble(byId("trouble"), words.noModel, error as Error, () => void start());
  }
}

/** Follows the address to films and shared tastes. */
function showSheets(session: Session): void {
  const sheets = new Sheets(() => leave());
  const { leave } = followRoutes((route) => {
    if (route.at === "home") sheets.hide();
    if (route.at === "item") void sheets.show((over) => showItem(route.id, session, tell, over));
    if (route.at === "taste") void sheets.show(() => showTaste(route.taste, session, () => leave()));
  });
}

function onProgress({ loaded, total }: Progress): void {
  tell(words.fetchingPart(Math.round((100 * loaded) / total), bytes(total)));
}

function warnOfStorage({ storage }: Recommender): void {
  if (storage.error) showTrouble(byId("trouble"), words.noStorage, storage.error);
}

/** The shelf's shape while it is on its way. */
function skeleton(): HTMLElement[] {
  const cards = Array.from({ length: 12 }, () => h("li", { class: "card" }, h("div", { class: "poster ghost" })));
  return [
    h("header", { class: "section-head" }, h("h2", { id: "shelf-title" }, words.forYou)),
    h("ul", { class: "shelf", "aria-hidden": "true" }, ...cards),
  ];
}

/** The choice of a language, in the languages' own names. */
function showLanguages(select: HTMLElement): void {
  const options = Object.entries(LANGUAGES).map(([value, name]) =>
    h("option", { value, lang: value, selected: value === language }, name),
  );
  select.replaceChildren(...options);
  select.addEventListener("change", () => choose((select as HTMLSelectElement).value));
}

await speak();
showLanguages(byId("language"));
showEmbed(byId("embed"));
void start();
addEventListener("offline", () => tell(words.offline));
// Where a browser refuses service workers the page needs a network, and that is all.
if (import.meta.env.PROD) navigator.serviceWorker?.register("./sw.js").catch(() => {});
