/**
 * What a visitor did with an item. `rate` carries its rating in `value`, `view` the seconds it took.
 *
 * @example
 * ```ts
 * const kind: EventKind = "purchase";
 * ```
 */
export type EventKind = "like" | "dislike" | "rate" | "view" | "purchase" | "skip";

/**
 * Something the visitor did.
 *
 * @example
 * ```ts
 * const liked: VisitorEvent = { item: "50", event: "like" };
 * const rated: VisitorEvent = { item: "181", event: "rate", value: 4.5, time: Date.now() };
 * ```
 */
export interface VisitorEvent {
  /** The item's id in the model. */
  item: string;
  /** What was done with it. */
  event: EventKind;
  /** The rating or the dwell time in seconds, for the kinds that have one. */
  value?: number;
  /** Milliseconds since the epoch; now, unless given. */
  time?: number;
  /** The lowest and the highest rating, for a `rate` on another scale than that of {@link EventWeights}. */
  scale?: [lowest: number, highest: number];
}

/**
 * What events are worth. The defaults are those that replaying MovieLens users event by event found best.
 *
 * @example
 * ```ts
 * const events: EventWeights = { view: 0.2, scale: [1, 10], fresh: 1 };
 * const shop = await Recommender.load("/movies.safetensors", { events });
 * ```
 */
export interface EventWeights {
  /** Speaks for its item; 1 unless set. */
  like?: number;
  /** Speaks against its item and what is like it; 0.3 unless set. */
  dislike?: number;
  /** Of the highest rating; half of it for the middle one; below that it speaks against. 1 unless set. */
  rate?: number;
  /** Of a full view; 0.5 unless set. */
  view?: number;
  /** Speaks for its item; 1 unless set. */
  purchase?: number;
  /** Speaks against; 0.05 unless set. */
  skip?: number;
  /** How many times its weight a fresh event has; 10 unless set, 1 turns recency off. */
  fresh?: number;
  /** Seconds in which half of what it has more is gone, counted from the newest event; 120 unless set. */
  halfLife?: number;
  /** The lowest and the highest rating; 1 and 5 unless set. */
  scale?: [lowest: number, highest: number];
  /** Seconds that make a view a full one; 30 unless set. */
  fullView?: number;
}

/**
 * What importing a profile did.
 *
 * @example
 * ```ts
 * const { added, resting }: ProfileImport = await shop.importProfile(await file.text());
 * ```
 */
export interface ProfileImport {
  /** How many events were new. */
  added: number;
  /** How many of them are about items that this model does not have: they wait for one that does. */
  resting: number;
}

/**
 * What importing a person's own list did.
 *
 * @example
 * ```ts
 * const { matched, unmatched }: HistoryImport = await shop.importHistory(await file.text());
 * for (const { line, title } of unmatched) console.info(`line ${line}: ${title} is not in the catalogue`);
 * ```
 */
export interface HistoryImport {
  /** Whose export it is: `MovieLens`, `Letterboxd`, `IMDb` or `Goodreads`. */
  source: string;
  /** Lines that tell of something seen or read. */
  rows: number;
  /** How many of them the catalogue has. */
  matched: number;
  /** How many of those were not known yet. */
  added: number;
  /** The others: the line in the file, the header being 1, and what it is called there. */
  unmatched: { line: number; title: string; year?: number }[];
}

/**
 * How to fine-tune.
 *
 * @example
 * ```ts
 * const options: FineTuneOptions = { epochs: 10, learningRate: 0.02, onProgress: ({ loss }) => console.log(loss) };
 * ```
 */
export interface FineTuneOptions {
  /** Passes over the visitor's events; 5 unless set, 1000 at most. */
  epochs?: number;
  /** Length of a step; 0.05 unless set, 10 at most. */
  learningRate?: number;
  /** What holds the items where training left them; 1 unless set. */
  pull?: number;
  /** Called after each epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /** Gives up when it aborts, and leaves all as it was. */
  signal?: AbortSignal;
}

/**
 * How far a training is.
 *
 * @example
 * ```ts
 * const onProgress = ({ epoch, epochs, loss }: TrainingProgress) => console.log(`${epoch} of ${epochs}: ${loss}`);
 * ```
 */
export interface TrainingProgress {
  /** The epoch that ended, from 1 on. */
  epoch: number;
  /** How many there will be. */
  epochs: number;
  /** What training lowers, an interaction; in fine-tuning an event, before the epoch's steps. */
  loss: number;
}

/**
 * Someone did something with an item.
 *
 * @example
 * ```ts
 * const interactions: Interaction[] = [{ user: "ann", item: "50" }, { user: "bob", item: "181", value: 4 }];
 * ```
 */
export interface Interaction {
  /** The user's id. */
  user: string;
  /** The item's id. */
  item: string;
  /** A rating, for `sgd`; 1 unless given. */
  value?: number;
}

/**
 * How to train.
 *
 * @example
 * ```ts
 * const options: TrainingOptions = { algorithm: "ials", dim: 32, epochs: 10 };
 * ```
 */
export interface TrainingOptions extends Omit<HostOptions, "worker" | "wasm"> {
  /** `ials` (unless set) and `bpr` learn from what was done, `sgd` from ratings. */
  algorithm?: "ials" | "sgd" | "bpr";
  /** Numbers in a factor; 64 unless set. */
  dim?: number;
  /** Passes over the interactions; 16 unless set, 1000 at most. */
  epochs?: number;
  /** The same seed gives the same model; 1 unless set. */
  seed?: number;
  /** Called after each epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}

/**
 * An item of the model's catalogue, with what the model knows of it.
 *
 * @example
 * ```ts
 * const { title, tags, numbers }: Item = await shop.item("50");
 * console.log(title, tags?.genres, numbers?.year); // Star Wars [ "Action", ... ] 1977
 * ```
 */
export interface Item {
  /** The item's id. */
  item: string;
  /** Its title, where the catalogue has titles. */
  title?: string;
  /** Its tags by column, such as `genres`. */
  tags?: Record<string, string[]>;
  /** Its numbers by column, such as `year`. */
  numbers?: Record<string, number>;
}

/**
 * One of the visitor's own events and its part in a score.
 *
 * @example
 * ```ts
 * const [reason]: Reason[] = recommendation.because ?? [];
 * if (reason) console.log(`because you liked ${reason.title}`);
 * ```
 */
export interface Reason {
  /** The id of the item that the event was about. */
  item: string;
  /** Its title, where the catalogue has titles. */
  title?: string;
  /** What the visitor did with it. */
  event: EventKind;
  /** Its part of the score, in the score's own unit; below zero where it pulled down. */
  share: number;
}

/**
 * A recommended item.
 *
 * @example
 * ```ts
 * const [best]: Recommendation[] = await shop.recommend({ count: 1, explain: true });
 * console.log(best?.title, best?.score, best?.because?.[0]?.title);
 * ```
 */
export interface Recommendation extends Item {
  /** The model's score; higher is better, comparable within one answer. */
  score: number;
  /** The events that brought it, largest share first, when `explain` was asked for. */
  because?: Reason[];
}

/**
 * The numbers of a tensor of the model file. Those of 16-bit floats come as the 16 bits they are.
 *
 * @example
 * ```ts
 * const counts: TensorData | undefined = await shop.tensor("item_counts");
 * ```
 */
export type TensorData = Float32Array | Uint32Array | Uint16Array | Int8Array | Uint8Array;

/**
 * How a model's factors are stored: the kind of number.
 *
 * @example
 * ```ts
 * const precision: Precision = "int8";
 * ```
 */
export type Precision = "f32" | "f16" | "int8" | "int4";

/**
 * What a model says of itself.
 *
 * @example
 * ```ts
 * const { items, dim, precision }: ModelInfo = shop.info;
 * console.log(`${items} items x ${dim} factors in ${precision}`);
 * ```
 */
export interface ModelInfo {
  /** Number of items. */
  items: number;
  /** Numbers in a factor. */
  dim: number;
  /** How the factors are stored. */
  precision: Precision;
  /** Bytes of memory that the model takes. */
  bytes: number;
  /** The model file's own notes: algorithm, data set, evaluation and so on. */
  metadata: Record<string, string>;
}

/**
 * How much of a model has arrived.
 *
 * @example
 * ```ts
 * const onProgress = ({ loaded, total }: Progress) => (bar.value = loaded / total);
 * ```
 */
export interface Progress {
  /** Bytes that have arrived, after decompression. */
  loaded: number;
  /** Bytes of the whole file, as its header tells. */
  total: number;
}

/**
 * Where the visitor's events are kept.
 *
 * @example
 * ```ts
 * const warn = ({ persistent, error }: StorageState) => {
 *   if (!persistent && error) console.warn(error.message);
 * };
 * ```
 */
export interface StorageState {
  /** True when events survive a reload; false when they live in memory only. */
  persistent: boolean;
  /** Why they live in memory though a profile was asked for. */
  error?: Error;
}

/**
 * Where {@link Recommender} runs and what it remembers.
 *
 * @example
 * ```ts
 * const options: HostOptions = { worker: true, profile: "default" };
 * ```
 */
export interface HostOptions {
  /** Run in a Web Worker, so that the page's own thread never waits. Off unless set. */
  worker?: boolean;
  /**
   * Keep the visitor's events in IndexedDB under this name. Without it they are forgotten with the page.
   * Give each model of an origin a name of its own: their item ids mean different things.
   */
  profile?: string;
  /** What events are worth, where not the defaults. */
  events?: EventWeights;
  /**
   * The engine's wasm, where it is not found beside the script: an edge worker imports it as
   * `foldin/foldin.wasm`, for example.
   */
  wasm?: URL | BufferSource | WebAssembly.Module;
  /**
   * Called whenever the page is hidden, at close, before another model takes over, and when loading fails. Nothing
   * else sends what is counted. `foldin monitor` reads a file of such reports, one a line:
   * `report: (report) => navigator.sendBeacon("/collect", JSON.stringify(report))`.
   */
  report?: (report: Report) => void;
}

/**
 * What must hold for a model file.
 *
 * @example
 * ```ts
 * const demands: FileOptions = { integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", maxBytes: 50e6 };
 * ```
 */
export interface FileOptions {
  /** Its SHA-256, as `sha256-` and base64. A cached copy that has it is used without asking the server. */
  integrity?: string;
  /** The most bytes it may have; 2 GiB unless set. */
  maxBytes?: number;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
  /** Called as the file's bytes arrive. */
  onProgress?: (progress: Progress) => void;
}

/**
 * A model file: its address (relative to the page; in Node also a path), or its bytes.
 *
 * @example
 * ```ts
 * const source: ModelAddress = new URL("./movies.safetensors", import.meta.url);
 * ```
 */
export type ModelAddress = string | URL | Uint8Array | ArrayBuffer;

/**
 * How to load a model.
 *
 * @example
 * ```ts
 * const options: LoadOptions = { worker: true, signal: AbortSignal.timeout(10_000) };
 * ```
 */
export interface LoadOptions extends HostOptions, FileOptions {}

/**
 * How to load a newer model.
 *
 * @example
 * ```ts
 * const options: UpdateOptions = { source: "/movies.v2.safetensors" };
 * ```
 */
export interface UpdateOptions extends FileOptions {
  /** Where it is; where the present one came from, unless set. */
  source?: ModelAddress;
}

/**
 * What {@link Recommender.on} tells, by name.
 *
 * @example
 * ```ts
 * shop.on("stale", ({ url }: Notices["stale"]) => console.info(`${url} has a newer version`));
 * ```
 */
export interface Notices {
  /** Where events are stored has changed. */
  storage: StorageState;
  /** The server has another version of the model than the copy in the browser's cache that is in use. */
  stale: { url: string };
  /** A newer model is in use. */
  update: ModelInfo;
  /** Another tab changed the visitor's events, of which there are so many now. */
  events: { count: number };
  /** A call failed; its caller gets the same error. */
  error: Error;
}

/**
 * How often something was timed, and the times in milliseconds.
 *
 * @example
 * ```ts
 * const { p95 } = shop.metrics().milliseconds.recommend as Quantiles;
 * ```
 */
export interface Quantiles {
  /** How many times were measured; the quantiles are of the latest 256. */
  count: number;
  /** Half took no longer. */
  p50: number;
  /** 95 of 100 took no longer. */
  p95: number;
  /** The longest. */
  max: number;
  /**
   * How many took up to 0.5, 0.71, 1, 1.41, 2, ... milliseconds, each bound the square root of 2 times the last: the
   * histograms of many pages add up, their quantiles do not.
   */
  buckets: number[];
}

/**
 * What a recommender did so far on this page.
 *
 * @example
 * ```ts
 * const { coverage, acted }: Metrics = shop.metrics();
 * ```
 */
export interface Metrics {
  /** Times by kind of call, as the page sees them: `load`, `record`, `recommend` and so on. */
  milliseconds: Record<string, Quantiles>;
  /** How often an answer was at hand already, and how often not. */
  answers: { hits: number; misses: number };
  /** How many rows recommendations were asked of, and how many of these had to be read; the others were skipped. */
  rows: { asked: number; read: number };
  /** The part of the catalogue that was recommended, from 0 to 1. */
  coverage: number;
  /** The part of the recommended items that the visitor then did something with, from 0 to 1. */
  acted: number;
  /** By place, from the first: how many items were first shown there, and how many of them were acted on. */
  positions: { shown: number[]; acted: number[] };
  /** How often each item was recommended, by id. */
  shown: Record<string, number>;
  /** Failed calls by kind of call. */
  failures: Record<string, number>;
  /** Failed calls by code or name of their errors. */
  errors: Record<string, number>;
}

/**
 * What a page counted so far, as `report` of {@link HostOptions} gets it: times and counts. What the visitor did with
 * which item is not among them. Each report of a page holds all that its earlier ones did.
 *
 * @example
 * ```ts
 * const send = (report: Report) => navigator.sendBeacon("/collect", JSON.stringify(report));
 * const shop = await Recommender.load("/movies.safetensors", { report: send });
 * ```
 */
export interface Report extends Metrics {
  /** A random name of this page load, kept nowhere. */
  page: string;
  /** 1 for its first report, and so on. */
  sequence: number;
  /** When, by the visitor's clock, in milliseconds since the epoch. */
  time: number;
  /** {@link Recommender.version} of the model. */
  version: string;
}

/**
 * Item factors of your own.
 *
 * @example
 * ```ts
 * // Two items in three dimensions, named "a" and "b".
 * const input: FactorsInput = { factors: new Float32Array([1, 0, 0, 0, 1, 0]), dim: 3, ids: ["a", "b"] };
 * ```
 */
export interface FactorsInput {
  /** The factors, one item after the other: items x dim numbers. */
  factors: Float32Array;
  /** Numbers in a factor. */
  dim: number;
  /** The items' ids; without them an item's id is its row number. */
  ids?: string[];
  /** How to keep them in memory; `int8` unless set. */
  precision?: Precision;
}

/**
 * What an item must have in a column of the catalogue; all that is given must hold.
 *
 * @example
 * ```ts
 * const recent: Condition = { min: 1990 };
 * const funny: Condition = { in: ["Comedy"], notIn: ["Horror"] };
 * ```
 */
export interface Condition {
  /** In a column of tags: at least one of these. */
  in?: string[];
  /** In a column of tags: none of these. */
  notIn?: string[];
  /** In a column of numbers: this or more. */
  min?: number;
  /** In a column of numbers: this or less. */
  max?: number;
}

/**
 * What to recommend.
 *
 * @example
 * ```ts
 * const options: RecommendOptions = {
 *   count: 12,
 *   explain: true,
 *   exclude: ["out-of-stock"],
 *   where: { year: { min: 1990 }, genres: { notIn: ["Horror"] } },
 *   diversity: 0.3,
 * };
 * ```
 */
export interface RecommendOptions {
  /** How many items; 10 unless set. */
  count?: number;
  /** How many of the best to leave out before them: `count` times the page's number. */
  offset?: number;
  /** Name the events that brought each item, see {@link Recommendation.because}. */
  explain?: boolean;
  /** A user vector of your own, of the model's `dim`, instead of the visitor's. */
  vector?: Float32Array;
  /** Ids of items to leave out, besides those that the visitor has events with. */
  exclude?: string[];
  /** The only items that may come back; all unless set. */
  only?: string[];
  /**
   * By column of the catalogue, what an item must have there. Or, the slow way, a function that says whether an item
   * may come back; it must always say the same of the same item, and cannot reach a worker.
   */
  where?: Record<string, Condition> | ((item: Item) => boolean);
  /** Multipliers of scores from 0.001 to 1000, by item and by column and tag. */
  boost?: { items?: Record<string, number>; tags?: Record<string, Record<string, number>> };
  /** By column and tag, how many items with the tag come back at most. */
  quota?: Record<string, Record<string, number>>;
  /** From 0 (unless set), by score alone, to 1: the more, the less alike the items are. */
  diversity?: number;
  /** Lets chance try what the visitor has not shown yet; the same seed gives the same ranking. */
  explore?: { seed: number; strength?: number };
}

/**
 * What counts as similar.
 *
 * @example
 * ```ts
 * const options: SimilarOptions = { count: 12, metric: "cosine" };
 * ```
 */
export interface SimilarOptions {
  /** How many items; 10 unless set. */
  count?: number;
  /** `cosine` (unless set) compares directions alone, `dot` favours popular items. */
  metric?: "cosine" | "dot";
}

/**
 * How to rank given items.
 *
 * @example
 * ```ts
 * const options: RankOptions = { explain: true };
 * ```
 */
export interface RankOptions {
  /** Name the events that speak for each item. */
  explain?: boolean;
  /** A user vector of your own, of the model's `dim`, instead of the visitor's. */
  vector?: Float32Array;
}

/**
 * Which items of the catalogue.
 *
 * @example
 * ```ts
 * const second: ItemsOptions = { offset: 100, count: 100 };
 * ```
 */
export interface ItemsOptions {
  /** How many to leave out before them; none unless set. */
  offset?: number;
  /** How many; 100 unless set. */
  count?: number;
}

/**
 * How to search the catalogue.
 *
 * @example
 * ```ts
 * const options: SearchOptions = { count: 8 };
 * ```
 */
export interface SearchOptions {
  /** At most so many items; 10 unless set. */
  count?: number;
}
