// The page's parts, around one model at a time.

import type { Recommender } from "foldin";
import { Catalogue } from "./catalogue.js";
import { byId, h } from "./dom.js";
import { showItem } from "./item.js";
import { words } from "./language.js";
import { showMine } from "./mine.js";
import type { Tell } from "./opinion.js";
import { followRoutes, parse } from "./route.js";
import { showRows } from "./rows.js";
import { scenes } from "./scenes.js";
import { showSearch } from "./search.js";
import { Session } from "./session.js";
import { showTaste } from "./share.js";
import { Sheets } from "./sheet.js";
import { showShelf } from "./shelf.js";
import { showTrouble } from "./trouble.js";

/** Shows a model, and another one in its place. Tells `whole` when all of it stands, for the first time or again. */
export class Page extends EventTarget {
  readonly #tell: Tell;
  readonly #sheets: Sheets;
  readonly #leave: () => void;
  /** The films' model, which stays at hand while another one is looked at. */
  #home: Recommender | undefined;
  #session: Session | undefined;
  /** Ends with the model that is shown. */
  #over = new AbortController();
  /** Ends when its items are others. */
  #rest = new AbortController();
  /** Fills the scenes' shelves, once the model has them. */
  #fillRows: ((over: AbortSignal) => void) | undefined;

  constructor(tell: Tell) {
    super();
    this.#tell = tell;
    this.#sheets = new Sheets(() => this.#leave());
    this.#leave = followRoutes(() => this.#follow()).leave;
  }

  /** What is shown. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Puts another model on the page for a while, with a way back to the films. */
  async visit(recommender: Recommender, name: string): Promise<void> {
    const home = this.#home;
    await this.#open(recommender);
    const back = async (): Promise<void> => {
      visiting.replaceChildren();
      if (home) await this.show(home);
      await this.showRest();
    };
    const visiting = byId("visiting");
    visiting.replaceChildren(
      h("p", {}, name),
      h("button", { type: "button", class: "quiet", "data-testid": "back", click: () => void back() }, words.back),
    );
    await this.showRest();
  }

  /** Puts the films on the page. */
  async show(recommender: Recommender): Promise<void> {
    this.#home = recommender;
    await this.#open(recommender);
  }

  /** The one before gives way only when this one has answered. */
  async #open(recommender: Recommender): Promise<void> {
    const session = await Session.start(recommender);
    this.#over.abort();
    this.#over = new AbortController();
    const { signal } = this.#over;
    const before = this.#session;
    this.#session = session;
    this.#fillRows = undefined;
    byId("rows").replaceChildren();
    showSearch(byId("search"), session, this.#tell, signal);
    const shelf = showShelf(byId("shelf"), session, this.#tell);
    showMine(byId("mine"), session, this.#tell);
    await shelf;
    recommender.on("storage", () => warnOfStorage(recommender));
    warnOfStorage(recommender);
    recommender.on("items", () => {
      if (this.#session === session) void this.showRest();
    });
    this.#follow();
    if (before && before.recommender !== this.#home) await before.recommender.close();
  }

  /** Brings the parts that can wait until the first shelf stands. */
  async showRest(): Promise<void> {
    await this.#showRest();
    this.dispatchEvent(new Event("whole"));
  }

  async #showRest(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    this.#rest.abort();
    this.#rest = new AbortController();
    const over = AbortSignal.any([this.#over.signal, this.#rest.signal]);
    const catalogue = await Catalogue.read(session.recommender);
    if (over.aborted) return;
    session.know(catalogue);
    try {
      // It is in sight where the rows are not. They come without it, too, should its code not arrive.
      await showPlaces(catalogue, session, over);
    } finally {
      if (!over.aborted) this.#showRows(session, over);
    }
    // The search is fetched when it is first used: from now on it is there, offline too.
    if (catalogue && !over.aborted) await session.search("a");
  }

  /** When items come or go the rows stay, and what is above the visitor does not collapse. */
  #showRows(session: Session, over: AbortSignal): void {
    this.#fillRows ??= showRows(byId("rows"), scenes(session), session, this.#tell);
    this.#fillRows(over);
  }

  /** Asks for what a new visitor is asked, and for all that answers it, while the page is still loading. */
  async ask(): Promise<void> {
    if (!this.#session?.personal) await this.#session?.questions();
  }

  /** Goes where the address says. */
  #follow(): void {
    const [session, tell] = [this.#session, this.#tell];
    const route = parse(location.hash);
    if (!session || route.at === "home") return this.#sheets.hide();
    if (route.at === "item") void this.#sheets.show((over) => showItem(route.id, session, tell, over));
    if (route.at === "taste") void this.#sheets.show(() => showTaste(route.taste, session, () => this.#leave()));
  }
}

/**
 * Keeps the map's column, or lets all else have it. Not by `:has()` in the styles: for that the browser looks at the whole
 * page anew whenever a card comes or goes.
 */
export function keepRoomForMap(hasMap: boolean): void {
  byId("map").hidden = !hasMap;
  document.body.classList.toggle("mapless", !hasMap);
}

/** Shows the map of a model that has one, until `over` aborts. */
async function showPlaces(catalogue: Catalogue | undefined, session: Session, over: AbortSignal): Promise<void> {
  const map = byId("map");
  const places = await session.recommender.tensor("map.xy");
  if (over.aborted) return;
  const hasMap = places instanceof Float32Array && places.length === 2 * (catalogue?.films.length ?? 0);
  keepRoomForMap(hasMap);
  if (!catalogue || !hasMap) return;
  const { showMap } = await import("./map/map.js");
  await showMap(map, catalogue, places, session, over);
}

function warnOfStorage({ storage }: Recommender): void {
  if (storage.error) showTrouble(byId("trouble"), words.noStorage, storage.error);
}
