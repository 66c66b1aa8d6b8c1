import "./style/base.css";
import "./style/search.css";
import "./style/shelf.css";
import "./style/poster.css";
import { type Progress, Recommender } from "foldin";
import { byId, h } from "./dom.js";
import { showMine } from "./mine.js";
import { showSearch } from "./search.js";
import { Session } from "./session.js";
import { showShelf } from "./shelf.js";
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
  tell("Fetching the films …");
  try {
    const recommender = await Recommender.load(MODEL, { worker: true, profile: "default", onProgress });
    // At once, before a notice can pass by. When the newer model does not arrive the page goes on with the one it has.
    recommender.on("stale", () => recommender.update().catch(() => {}));
    const session = await Session.start(recommender);
    showSearch(byId("search"), session, tell);
    showMine(byId("mine"), session, tell);
    showShelf(byId("shelf"), session, tell);
    recommender.on("storage", () => warnOfStorage(recommender));
    warnOfStorage(recommender);
    tell(`${recommender.info.items.toLocaleString()} films, ready.`);
    status.dataset.ready = "true";
  } catch (error) {
    byId("shelf").replaceChildren();
    tell("");
    showTrouble(byId("trouble"), "The films did not arrive", error as Error, () => void start());
  }
}

function onProgress({ loaded, total }: Progress): void {
  tell(`Fetching the films: ${Math.round((100 * loaded) / total)} % of ${(total / 1e6).toFixed(1)} MB`);
}

function warnOfStorage({ storage }: Recommender): void {
  if (storage.error) showTrouble(byId("trouble"), "Your likes will not outlast this page", storage.error);
}

/** The shelf's shape while it is on its way. */
function skeleton(): HTMLElement[] {
  const cards = Array.from({ length: 12 }, () => h("li", { class: "card" }, h("div", { class: "poster ghost" })));
  return [
    h("header", { class: "section-head" }, h("h2", { id: "shelf-title" }, "Films")),
    h("ul", { class: "shelf", "aria-hidden": "true" }, ...cards),
  ];
}

void start();
// Where a browser refuses service workers the page needs a network, and that is all.
if (import.meta.env.PROD) navigator.serviceWorker?.register("./sw.js").catch(() => {});
