import { fetched } from "../host/optional.js";
import { Answers } from "./answers.js";
import * as check from "./check.js";
import type { calls } from "./ask.js";
import type { ModelInput } from "../model/engine.js";
import { type FoldinError, wrongType } from "../errors.js";
import type { Pull } from "../model/factors.js";
import { resolve } from "../model/files.js";
import type { Host } from "../host/host.js";
import { idle } from "../host/idle.js";
import { demandsOf, fileInput, hooksOf, versionOf } from "./input.js";
import { Meter } from "./metrics.js";
import { open, type Opening, type Parts, shopModule } from "./open.js";
import * as rules from "./rules.js";
import { kindsOf } from "../visitor/kinds.js";
import type { Floor } from "../lazy/shop/floor.js";
import type {
  AddedItem,
  DataLayer,
  FactorsInput,
  Fields,
  FileOptions,
  FineTuneOptions,
  HistoryImport,
  Hit,
  HostOptions,
  Interaction,
  InteractionColumns,
  Item,
  ItemsOptions,
  LoadOptions,
  Metrics,
  ModelAddress,
  ModelInfo,
  NewItem,
  Notices,
  OnboardingOptions,
  ProfileImport,
  RankOptions,
  Recommendation,
  RecentOptions,
  RecommendOptions,
  Rules,
  SearchOptions,
  Shelf,
  SimilarOptions,
  StorageState,
  TensorData,
  TrainingOptions,
  Traits,
  UpdateOptions,
  VisitorEvent,
} from "../types.js";

/** How many answers are kept for when the same is asked again. */
const ANSWERS = 64;

/**
 * A model, and the visitor it recommends to.
 *
 * All calls are asynchronous, with a worker or without. Nothing that the visitor does leaves the device.
 *
 * @example
 * ```ts
 * const shop = await Recommender.load("/movies.safetensors", { worker: true, profile: "default" });
 * await shop.record({ item: "50", event: "like" });
 * const shelf = await shop.recommend({ count: 12, explain: true });
 * ```
 */
export class Recommender {
  readonly #parts: Parts;
  readonly #answers = new Answers(ANSWERS);
  /** Whether the host works elsewhere, so that working ahead costs the page nothing. */
  readonly #ahead: boolean;
  /** What events may be. */
  readonly #events: ReturnType<typeof rules.eventRules>;
  #info: ModelInfo;
  /** The version that the file's name tells, if it does. */
  #named: string;
  readonly #report: () => void;
  #stopReports = (): void => {};
  #opening: Promise<Floor> | undefined;
  #opened: Floor | undefined;
  /** Whether drift was told; undefined while nobody listens for it. */
  #drifted: boolean | undefined;

  private constructor({ parts, info, version, worker, options: { report, events } }: Opening) {
    this.#parts = parts;
    this.#info = info;
    this.#ahead = worker;
    this.#events = rules.eventRules(kindsOf(events?.kinds));
    parts.board.on("events", () => this.#changed("events"));
    parts.board.on("items", ({ info }) => {
      this.#info = info;
      this.#changed("items");
    });
    this.#named = version;
    this.#report = () => report?.({ ...this.#parts.meter.report(this.version, this.metrics()), ...parts.tried });
    if (report) this.#stopReports = whenHidden(this.#report);
  }

  /**
   * Loads a model: from its address (relative to the page; in Node also a path), or from the bytes of its file.
   *
   * What came from an address stays in the browser's cache. The next time it is used at once when the address names
   * its content (`movies.3fa9c1d2.safetensors`), when `integrity` does, or when the server sends an `ETag` or
   * `Last-Modified`, by which a newer file is told: see `stale` in {@link Notices}.
   *
   * @throws {@link FoldinError} `network`, `format`, `version`, `integrity`, `out-of-memory`, `aborted` or `unsupported`
   *
   * @example
   * ```ts
   * const shop = await Recommender.load("/movies.safetensors", {
   *   worker: true,
   *   profile: "default",
   *   onProgress: ({ loaded, total }) => (bar.value = loaded / total),
   * });
   * ```
   */
  static async load(source: ModelAddress, options: LoadOptions = {}): Promise<Recommender> {
    check.checkFields("options", options, rules.LOAD_RULES);
    return Recommender.#open(fileInput(source, options), options);
  }

  /**
   * Recommends with item factors of your own, of whatever training. They are packed some at a time: a page's thread is
   * never held up, and with a worker they are not copied as a whole.
   *
   * @throws {@link FoldinError} `out-of-memory` or `unsupported`; RangeError for another number of ids than of rows, or
   * numbers that are not finite
   *
   * @example
   * ```ts
   * const shop = await Recommender.fromFactors({ factors, dim: 64, ids });
   * const shelf = await shop.recommend({ vector, count: 12 });
   * ```
   */
  static async fromFactors(input: FactorsInput, options: HostOptions = {}): Promise<Recommender> {
    const { factorsModel, pullFrom } = await fetched(() => import("../model/factors.js"));
    return Recommender.#open(factorsModel(input, options), options, pullFrom(input));
  }

  /**
   * Trains a model in the page, in a worker where there are workers, on up to a million interactions. A list of
   * them has its users and items numbered first, a few milliseconds at a time; columns have that behind them. A model of
   * `next` or iALS knows what to ask a visitor first ({@link Recommender.onboarding}), one of iALS what anybody is like
   * (`prior`), too.
   *
   * @throws {@link FoldinError} `aborted`, `diverged` or `out-of-memory`
   *
   * @example
   * ```ts
   * const shop = await Recommender.train(interactions, {
   *   algorithm: "ials",
   *   dim: 32,
   *   epochs: 10,
   *   onProgress: ({ epoch, epochs }) => (bar.value = epoch / epochs),
   * });
   * ```
   */
  static async train(
    interactions: Interaction[] | InteractionColumns,
    options: TrainingOptions = {},
  ): Promise<Recommender> {
    const { trainingInput } = await fetched(() => import("../lazy/interactions.js"));
    const { algorithm: _, dim: __, epochs: ___, seed: ____, onProgress, ...rest } = options;
    const worker = typeof Worker !== "undefined";
    const hooks = onProgress && { onProgress: onProgress as never };
    return Recommender.#open(trainingInput(interactions, options), { ...rest, ...hooks, worker });
  }

  /**
   * Brings a model into the browser's cache before it is needed, so that loading it takes no download.
   *
   * @throws {@link FoldinError} `network` or `aborted`
   *
   * @example
   * ```ts
   * link.addEventListener("pointerenter", () => void Recommender.prefetch("/movies.safetensors"));
   * ```
   */
  static async prefetch(source: string | URL, options: Pick<FileOptions, "signal"> = {}): Promise<void> {
    check.checkFields("options", options, { signal: check.abortSignal });
    const { prefetchModel } = await fetched(() => import("../host/host.js"));
    return prefetchModel(resolve(source), hooksOf(options));
  }

  static async #open(source: ModelInput | Promise<ModelInput>, options: LoadOptions, pull?: Pull): Promise<Recommender> {
    return new Recommender(await open(source, options, pull));
  }

  /** What the model says of itself. */
  get info(): ModelInfo {
    return this.#info;
  }

  /** The hash in the name of the model's file, else `version` of its metadata, else nothing. */
  get version(): string {
    return (!this.#info.of && this.#named) || (this.#info.metadata.version ?? "");
  }

  /** Whether the visitor's events survive a reload, why not, and whether something waits to be erased. */
  get storage(): StorageState {
    return this.#parts.storage;
  }

  /**
   * Brings in all parts of a model that are still missing; what failed before is tried again. Resolves when all items are
   * there: at once, for a model in one file.
   *
   * @throws {@link FoldinError} as {@link Recommender.load}, for the first part that did not come; all others are there
   *
   * @example
   * ```ts
   * const { items } = await shop.complete();
   * ```
   */
  async complete(): Promise<ModelInfo> {
    return this.#rare("complete");
  }

  /**
   * Calls back when something happens that nobody asked for, see {@link Notices}. Returns how to stop that.
   *
   * @example
   * ```ts
   * const stop = shop.on("stale", () => void shop.update());
   * ```
   */
  on<T extends keyof Notices>(type: T, listener: (notice: Notices[T]) => void): () => void {
    const types = ["storage", "missing", "stale", "update", "events", "items", "drift", "shelf", "credit", "change", "error"];
    check.check("type", type, check.oneOf(...types));
    check.check("listener", listener, check.callback);
    if (type === "drift") this.#drifted ??= false;
    return this.#parts.board.on(type, listener);
  }

  /**
   * Loads a newer model from its server beside the present one and swaps them at once; the visitor's events go along.
   * When that fails, the present model stays.
   *
   * @throws as {@link Recommender.load}
   *
   * @example
   * ```ts
   * shop.on("stale", () => void shop.update());
   * await shop.update({ source: "/movies.v2.safetensors" });
   * ```
   */
  async update(options: UpdateOptions = {}): Promise<ModelInfo> {
    check.checkFields("options", options, rules.UPDATE_RULES);
    const model = options.source === undefined ? undefined : fileInput(options.source, options);
    const info = await this.#ask("update", (host) =>
      host.update({ model, demands: demandsOf(options) }, hooksOf(options)),
    );
    this.#report();
    this.#info = info;
    this.#parts.meter = new Meter();
    if (model) this.#named = versionOf(model);
    this.#changed("update");
    this.#parts.board.notify("update", this.#info);
    return this.#info;
  }

  /**
   * Records what the visitor did: all of it or, on an error, nothing. Resolves when it is stored. Events on items that
   * the model does not know rest: they are kept, and count as soon as the model, an added item or an update knows them.
   *
   * @example
   * ```ts
   * await shop.record({ item: "50", event: "like" });
   * await shop.record([{ item: "181", event: "rate", value: 4 }, { item: "1", event: "dislike" }]);
   * ```
   */
  async record(events: VisitorEvent | VisitorEvent[]): Promise<void> {
    const list = Array.isArray(events) ? events : [events];
    list.forEach((event, index) => {
      const owner = Array.isArray(events) ? `events[${index}]` : "event";
      check.checkFields(owner, event, this.#events, ["item", "event"]);
      check.onScale(owner, event);
    });
    this.#answers.clear();
    await this.#ask("record", (host) => host.record(list));
    this.#parts.meter.acted(list);
    this.#parts.board.notify("change", { by: "record" });
    if (list.some(({ shelf }) => shelf !== undefined)) (await this.#floor()).credit(list);
    if (this.#drifted === false) void this.#watchDrift();
  }

  /**
   * Takes one event back, as if it had never happened, here and in the stored profile: what else was done with its item
   * counts again. Says whether it was there.
   *
   * @throws {@link FoldinError} `storage` while the stored event is not erased: it is tried again, see `storage`
   *
   * @example
   * ```ts
   * const latest = (await shop.events()).at(-1);
   * if (latest) await shop.undo(latest);
   * ```
   */
  async undo(event: VisitorEvent): Promise<boolean> {
    check.checkFields("event", event, this.#events, ["item", "event", "time"]);
    return this.#change("undo", (host) => host.undo(event));
  }

  /**
   * Keeps the visitor's events in IndexedDB from now on, those of before as well, as `profile` of {@link HostOptions} does:
   * for when a visitor consents. What is stored under the name already counts, too. Without that database they stay in
   * memory, and `storage` tells.
   *
   * @throws RangeError when another profile is open
   *
   * @example
   * ```ts
   * banner.addEventListener("consent", () => void shop.persist("default"));
   * ```
   */
  async persist(profile: string): Promise<void> {
    check.check("profile", profile, check.text);
    await this.#change("persist", (host) => host.persist(profile));
    this.#parts.tried?.keep();
  }

  /**
   * Takes back all that was recorded about an item, as if it had never happened, here and in the stored profile.
   * An item about which nothing was recorded is no error.
   *
   * Without items it withdraws {@link Recommender.persist}: the stored profile is erased, and nothing is stored any more,
   * in other tabs either. What the visitor did counts until the page is closed.
   *
   * @throws {@link FoldinError} `storage` while the stored events are not erased: it is tried again, see `storage`
   *
   * @example
   * ```ts
   * await shop.forget("50"); // un-like
   * await shop.forget(); // the visitor no longer consents
   * ```
   */
  async forget(items?: string | string[]): Promise<void> {
    if (items === undefined) {
      this.#parts.tried?.drop();
      return this.#change("forget", (host) => host.withdraw());
    }
    const list = Array.isArray(items) ? items : [items];
    check.check("items", list, check.strings);
    return this.#change("forget", (host) => host.forget(list));
  }

  /**
   * Takes everything back, and erases the stored profile: nothing is left of it.
   *
   * @throws {@link FoldinError} `storage` while it is not erased: it is tried again as long as the page is open, and
   * `storage` of {@link Notices} tells when it is done
   *
   * @example
   * ```ts
   * await shop.erase();
   * ```
   */
  async erase(): Promise<void> {
    this.#parts.tried?.drop();
    return this.#change("erase", (host) => host.erase());
  }

  /**
   * The visitor's events as the text of a file.
   *
   * @example
   * ```ts
   * link.href = URL.createObjectURL(new Blob([await shop.exportProfile()], { type: "application/json" }));
   * ```
   */
  async exportProfile(): Promise<string> {
    const { writeProfile } = await fetched(() => import("./extras.js"));
    return writeProfile(await this.#ask("history", (host) => host.history()));
  }

  /**
   * Takes up the events of an exported profile besides those that are here; what is here already is not doubled.
   *
   * @throws {@link FoldinError} `format` or `version` for anything else; then nothing was changed
   *
   * @example
   * ```ts
   * const { added } = await shop.importProfile(await file.text());
   * ```
   */
  async importProfile(text: string): Promise<ProfileImport> {
    check.check("text", text, check.text);
    const { importProfile } = await fetched(() => import("./extras.js"));
    return this.#change("merge", (host) => importProfile(host, text, this.#events));
  }

  /**
   * Takes up a person's own list, as MovieLens, Letterboxd, IMDb, Goodreads, StoryGraph, BookWyrm, TMDB, Trakt and
   * MyAnimeList export it, as text or as the file itself (CSV, JSON, XML; Letterboxd's and Trakt's zip as it comes), any
   * table with titles, or a title a line. Titles and years are looked up in the catalogue; what it does not have is listed.
   *
   * @throws {@link FoldinError} `format` for anything else; then nothing was changed
   *
   * @example
   * ```ts
   * const { matched, unmatched } = await shop.importHistory(file);
   * ```
   */
  async importHistory(text: string | Blob): Promise<HistoryImport> {
    check.check("text", text, check.list);
    return this.#change("merge", (host) => host.importHistory(text));
  }

  /**
   * Moves the items that the visitor touched a little, for this visitor alone and as long as the recommender lives: models
   * of `next`, iALS, SGD and BPR. Measured on MovieLens it does not help next to recency, so nothing does it unasked.
   *
   * @throws {@link FoldinError} `aborted` or `diverged`; then all is as it was
   *
   * @example
   * ```ts
   * await shop.fineTune({ epochs: 10, learningRate: 0.02, onProgress: ({ loss }) => console.log(loss) });
   * ```
   */
  async fineTune(options: FineTuneOptions = {}): Promise<void> {
    const { tuningOf } = await fetched(() => import("./extras.js"));
    const tuning = tuningOf(options);
    return this.#change("fineTune", (host) => host.fineTune(tuning, hooksOf({ signal: options.signal, onProgress: options.onProgress })));
  }

  /**
   * Takes all fine-tuning back.
   *
   * @example
   * ```ts
   * await shop.resetTuning();
   * ```
   */
  async resetTuning(): Promise<void> {
    return this.#change("resetTuning", (host) => host.resetTuning());
  }

  /**
   * What to ask a new visitor: the items whose answers tell most about them, the most telling first. For models of
   * `next` and iALS.
   *
   * @example
   * ```ts
   * for (const { item, title } of await shop.onboarding({ count: 5 })) askAbout(item, title);
   * ```
   */
  async onboarding(options?: OnboardingOptions): Promise<Item[]> {
    const { calls } = await fetched(() => import("./ask.js"));
    return this.#ask("onboarding", (host) => calls.onboarding(host, options));
  }

  /**
   * Adds an item, which is recommended at once, without training. It outlasts the page where a `profile` does, is there
   * for all who use that profile with the model, and comes along when the model is updated; what was fine-tuned does
   * not. {@link Recommender.erase} leaves it: it belongs to the catalogue.
   *
   * @throws RangeError for an id that the model has, a tag that it does not know, a missing column, or a vector of
   * another length
   *
   * @example
   * ```ts
   * await shop.addItem({ id: "new-1", title: "Brand New", features: { genres: ["Comedy", "Drama"], year: 2026 } });
   * await shop.addItem({ id: "new-2", title: "From elsewhere", vector });
   * ```
   */
  async addItem(item: NewItem): Promise<void> {
    return this.#rare("addItem", item);
  }

  /**
   * Takes an item out, whether it was added or is the model's own, for as long as added ones stay.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * await shop.removeItem("new-1");
   * ```
   */
  async removeItem(id: string): Promise<void> {
    return this.#rare("removeItem", id);
  }

  /**
   * The items that were added, oldest first; those too that the model in use does not take.
   *
   * @example
   * ```ts
   * const arrivals = await shop.addedItems();
   * ```
   */
  async addedItems(): Promise<AddedItem[]> {
    return this.#ask("addedItems", (host) => host.addedItems());
  }

  /**
   * Believes of the visitor what people with these traits are like, until their own events tell more: their first
   * shelf is then better than what is popular. For models trained with `--users`, and only when it is called: traits
   * stay on the device, with the profile. They take the place of what was believed before; null believes nothing.
   *
   * @throws RangeError for a column or a tag that training did not have; FoldinError `unsupported` for a model without traits
   *
   * @example
   * ```ts
   * await shop.traits({ age: 30, occupation: "student" });
   * await shop.traits(null); // forget them
   * ```
   */
  async traits(traits: Traits | null): Promise<void> {
    return this.#rare("traits", traits);
  }

  /**
   * Believes of the visitor what people are like who are like them elsewhere: in another model, whose recommender or
   * visitor's vector is handed over. For models trained with `--transfer-from` that other one. It takes the place of
   * what was believed before, as {@link Recommender.traits} does.
   *
   * @throws RangeError for a vector of another length; FoldinError `unsupported` for a model that does not know the other one
   *
   * @example
   * ```ts
   * const books = await Recommender.load("/books.safetensors", { profile: "books" });
   * await films.transfer(books);
   * ```
   */
  async transfer(profile: Recommender | Float32Array): Promise<void> {
    return this.#rare("transfer", profile);
  }

  /**
   * Believes of the visitor what people are like who like what a sentence names, and not what it denies. It is stored with
   * the profile, takes the place of what {@link Recommender.traits} and {@link Recommender.transfer} told, and is outweighed
   * by the visitor's own events. For models trained with `--words`, loaded with the same table; null forgets it.
   *
   * @throws RangeError for a text without a word that the table knows, and a model that learned from no words or another table's
   *
   * @example
   * ```ts
   * await shop.wish("I like slow space operas, but not war");
   * ```
   */
  async wish(text: string | null): Promise<void> {
    return this.#rare("wish", text);
  }

  /**
   * Says what the catalogue does not know, or no longer rightly: stock, prices, dates, promotions, by id and column, for
   * all questions to come and as long as the recommender lives. What was said before stays, but for what is said anew.
   *
   * @throws RangeError for tags in a column of numbers, or numbers in one of tags; then nothing was changed
   *
   * @example
   * ```ts
   * await shop.setFields({ "50": { stock: 0 }, "181": { stock: 3, price: 9.99, promo: ["sale"] } });
   * const shelf = await shop.recommend({ where: { stock: { min: 1 } } });
   * ```
   */
  async setFields(fields: Fields): Promise<void> {
    check.check("fields", fields, check.object);
    return this.#change("setFields", (host) => host.setFields(fields));
  }

  /**
   * The items that the visitor did something with, latest first.
   *
   * @example
   * ```ts
   * const viewed = await shop.recent({ kinds: ["view"], count: 6 });
   * ```
   */
  async recent(options: RecentOptions = {}): Promise<Item[]> {
    check.checkFields("options", options, rules.RECENT_RULES);
    return this.#ask("recent", (host) => host.recent(options));
  }

  /**
   * What was recorded, oldest first.
   *
   * @example
   * ```ts
   * const liked = (await shop.events()).filter(({ event }) => event === "like");
   * ```
   */
  async events(): Promise<VisitorEvent[]> {
    return this.#ask("events", (host) => host.events());
  }

  /**
   * The best items for the visitor, best first. While nothing speaks for an item, what is believed of the visitor
   * answers, or what is trending or popular; each result's `rung` says which. Items that the visitor has events with
   * never come back.
   *
   * A shop's catalogue is newer than its model: ids that the model does not know are skipped in `exclude`, `only` and
   * `boost`, unless `unknown` is `"error"`.
   *
   * With a worker the next page is computed while the page is idle.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * for (const { title, because } of await shop.recommend({ count: 12, explain: true })) {
   *   console.log(title, "because of", because?.[0]?.title);
   * }
   * ```
   */
  async recommend(options: RecommendOptions = {}): Promise<Recommendation[]> {
    check.checkFields("options", options, rules.RECOMMEND_RULES);
    this.#reach(options);
    const found = await this.#ask("recommend", () => this.#recommend(options));
    const { count = 10, offset = 0 } = options;
    this.#parts.meter.showed(found, offset);
    if (this.#ahead && isFixed(options) && found.length === count) {
      void idle().then(() => this.#recommend({ ...options, offset: offset + count }).catch(() => {}));
    }
    return found;
  }

  #reach({ where }: Rules): void {
    if (this.#ahead && typeof where === "function") {
      throw wrongType("options.where", "conditions, as a function cannot reach the worker", "a function");
    }
  }

  /** The variant of `experiment` that this visitor has; undefined without an experiment. */
  get variant(): string | undefined {
    return this.#parts.tried?.variant;
  }

  /**
   * What a placement of `placements` shows, by its preset, the rules that hold today, and what is said besides. The
   * answer's `id` is for events (`shelf`), so that the placement is credited with them.
   *
   * @throws RangeError for a placement that is not in the plan
   *
   * @example
   * ```ts
   * const { id, items } = await shop.shelf("home-top");
   * await shop.record({ item: "50", event: "click", shelf: id });
   * ```
   */
  async shelf(placement: string, options: RecommendOptions = {}): Promise<Shelf> {
    check.check("placement", placement, check.text);
    return (await this.#floor()).shelf({ ...options, placement });
  }

  /**
   * Several shelves of one page, in their order, by their placements or by questions; no item stands on two.
   *
   * @example
   * ```ts
   * const [top, more] = await shop.recommendMany(["home-top", { by: "popular", count: 6 }]);
   * ```
   */
  async recommendMany(questions: (string | (RecommendOptions & { placement?: string }))[]): Promise<Shelf[]> {
    return (await this.#floor()).many(questions);
  }

  /**
   * Records GA4's ecommerce events as they come into the data layer, and those that are there already; ids may be
   * numbers. What {@link Recommender.shelf} shows goes into it as `view_item_list`, a click that names a shelf as
   * `select_item`. Returns how to stop that.
   *
   * @example
   * ```ts
   * const stop = await shop.fromDataLayer((window.dataLayer ??= []));
   * ```
   */
  async fromDataLayer(layer: DataLayer): Promise<() => void> {
    const { follow } = await shopModule();
    return follow(this, layer);
  }

  /** Tells drift once: it is of a model and a visitor, not of an event. */
  async #watchDrift(): Promise<void> {
    const drift = await this.#parts.host.drift().catch(() => undefined);
    if (!drift || this.#drifted) return;
    this.#drifted = true;
    this.#parts.board.notify("drift", drift);
  }

  #recommend(options: RecommendOptions): Promise<Recommendation[]> {
    const ask = async (): Promise<Recommendation[]> => {
      const { results, rowsRead } = await this.#parts.host.recommend(options);
      this.#parts.meter.read(rowsRead, this.#info.items);
      return results;
    };
    return isFixed(options) ? this.#answers.get(["recommend", { offset: 0, ...options }], ask) : ask();
  }

  /**
   * The items most like one, or like several such as those in a basket, or like what a text describes, best first: whoever
   * asks, unless `personal` or `seen` is set. By `bought-together`, what lies in the same baskets.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * const more = await shop.similar("50", { count: 12, where: { stock: { min: 1 } } });
   * const complements = await shop.similar(["50", "181"], { by: "bought-together" });
   * ```
   */
  async similar(item: string | string[] | { text: string }, options: SimilarOptions = {}): Promise<Recommendation[]> {
    const text = (item as { text?: string } | null)?.text;
    const items = text === undefined ? [item as string | string[]].flat() : [];
    check.check("item", items, check.strings);
    if (text !== undefined) check.check("item.text", text, check.text);
    check.checkFields("options", options, rules.SIMILAR_RULES);
    this.#reach(options);
    return this.#ask("similar", (host) => {
      const ask = (): Promise<Recommendation[]> => host.similar({ items, options, ...(text !== undefined && { text }) });
      return isFixed(options) ? this.#answers.get(["similar", text ?? items, options], ask) : ask();
    });
  }

  /**
   * Puts items that the page already has in the visitor's order. Ids that the model does not know are an error, unless
   * `unknown` is `"skip"`.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * const mine = await shop.rank(["50", "181", "1"]);
   * ```
   */
  async rank(items: string[], options: RankOptions = {}): Promise<Recommendation[]> {
    check.check("items", items, check.strings);
    check.checkFields("options", options, rules.RANK_RULES);
    this.#reach(options);
    return this.#ask("rank", (host) => host.rank({ items, options }));
  }

  /**
   * Items whose title has the text, best match first, whatever its case and accents. With a table of words (`words` of
   * {@link HostOptions}) items follow that are about it, nearest first; each hit says which it is.
   *
   * @example
   * ```ts
   * const hits = await shop.search("star wars", { count: 8 });
   * const moods = await shop.search("slow space opera with robots");
   * ```
   */
  async search(text: string, options: SearchOptions = {}): Promise<Hit[]> {
    check.check("text", text, check.text);
    check.checkFields("options", options, rules.COUNT_RULES);
    return this.#ask("search", (host) => host.search({ text, count: options.count ?? 10 }));
  }

  /**
   * Whether an item has this id: the model's own, or one that was added.
   *
   * @example
   * ```ts
   * if (await shop.has("50")) showReasons("50");
   * ```
   */
  async has(id: string): Promise<boolean> {
    check.check("id", id, check.text);
    return this.#ask("has", (host) => host.has(id));
  }

  /**
   * One item of the catalogue.
   *
   * @throws {@link FoldinError} `unknown-item`
   *
   * @example
   * ```ts
   * const { title } = await shop.item("50");
   * ```
   */
  async item(id: string): Promise<Item> {
    check.check("id", id, check.text);
    return this.#ask("item", (host) => host.item(id));
  }

  /**
   * Items of the catalogue, in the model's own order: `offset` to `offset + count`, fewer at its end.
   *
   * @example
   * ```ts
   * const first = await shop.items({ count: 100 });
   * ```
   */
  async items({ offset = 0, count = 100 }: ItemsOptions = {}): Promise<Item[]> {
    check.checkFields("options", { offset, count }, rules.ITEMS_RULES);
    return this.#ask("items", (host) => host.items({ offset, count }));
  }

  /**
   * A tensor of the model file, undefined where the file has none of that name. One with a row an item has its rows in
   * the order of {@link Recommender.items}; those of added items are zeros, but for their places on the map. FORMAT.md
   * lists what a file may have.
   *
   * @example
   * ```ts
   * const counts = await shop.tensor("item_counts"); // interactions that each item had in training
   * const places = await shop.tensor("map.xy"); // places on a map, for models trained with --map
   * ```
   */
  async tensor(name: string): Promise<TensorData | undefined> {
    check.check("name", name, check.text);
    return this.#ask("tensor", (host) => host.tensor(name));
  }

  /**
   * The visitor's vector, of the model's `dim`: what {@link Recommender.recommend} scores items against.
   *
   * @example
   * ```ts
   * const vector = await shop.vector();
   * ```
   */
  async vector(): Promise<Float32Array> {
    return this.#ask("vector", (host) => host.vector());
  }

  /**
   * Finds what is similar to items that are on screen while the page is idle, so that {@link Recommender.similar}
   * answers at once. Stops when the visitor does something.
   *
   * @example
   * ```ts
   * void shop.warm(shelf.map(({ item }) => item), { count: 12 });
   * ```
   */
  async warm(items: string[], options: SimilarOptions = {}): Promise<void> {
    check.check("items", items, check.strings);
    const { version } = this.#answers;
    for (const item of items) {
      await idle();
      if (version !== this.#answers.version) return;
      await this.similar(item, options);
    }
  }

  /**
   * What was done so far on this page: times, errors, how much of the catalogue was shown and acted on. It stays
   * here unless `report` of {@link HostOptions} sends it.
   *
   * @example
   * ```ts
   * console.table(shop.metrics().milliseconds);
   * ```
   */
  metrics(): Metrics {
    const placements = this.#opened?.counts();
    return { ...this.#parts.meter.snapshot(this.#info.items, this.#answers), ...(placements && { placements }) };
  }

  /**
   * Frees the model's memory and ends its worker, within a second. The stored profile stays.
   *
   * @example
   * ```ts
   * await shop.close();
   * ```
   */
  async close(): Promise<void> {
    this.#stopReports();
    return this.#parts.host.close();
  }

  /** Makes a call that few pages make, by its name: the checks of what it takes are fetched first. */
  async #rare<T>(name: keyof typeof calls, input?: unknown): Promise<T> {
    const { calls } = await fetched(() => import("./ask.js"));
    return this.#change(name, (host) => calls[name](host, input as never) as Promise<T>);
  }

  /** Asks for what changes the answers to come. */
  async #change<T>(name: string, question: (host: Host) => Promise<T>): Promise<T> {
    try {
      return await this.#ask(name, question);
    } finally {
      this.#changed(name);
    }
  }

  /** Answers may be others from now on. */
  #changed(by: string): void {
    this.#answers.clear();
    this.#parts.board.notify("change", { by });
  }

  /** Puts a question to the host, timed; its failure is told besides being thrown. */
  async #ask<T>(name: string, question: (host: Host) => Promise<T>): Promise<T> {
    const { host, board, meter } = this.#parts;
    try {
      return await meter.time(name, () => question(host));
    } catch (error) {
      board.notify("error", error as Error);
      const { spare } = this.#parts;
      if (!spare || (error as FoldinError).code !== "trap") throw error;
      // Nothing of what the engine knew is left: from here on the page's own list answers.
      this.#parts.host = await spare(error);
      this.#parts.spare = undefined;
      return question(this.#parts.host);
    }
  }

  /** What placements ask, and what became of them. */
  async #floor(): Promise<Floor> {
    const { board, placements } = this.#parts;
    const told = {
      shelf: (shelf: Shelf): void => board.notify("shelf", shelf),
      credit: (credit: Notices["credit"]): void => board.notify("credit", credit),
    };
    this.#opening ??= shopModule().then(({ Floor }) => Floor.open(this, placements, told));
    try {
      return (this.#opened = await this.#opening);
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

/** Whether the same options ask the same: a vector may change in place, and a function with all that it sees. */
const isFixed = ({ vector, where }: Pick<RecommendOptions, "vector" | "where">): boolean => !vector && typeof where !== "function";

/** Calls back whenever the page is hidden, and once more when it is told to stop. */
function whenHidden(tell: () => void): () => void {
  const target = globalThis.document;
  const listener = (): void => {
    if (target.visibilityState === "hidden") tell();
  };
  target?.addEventListener("visibilitychange", listener);
  return () => {
    target?.removeEventListener("visibilitychange", listener);
    tell();
  };
}
