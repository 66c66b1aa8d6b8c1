// What a visitor did, and what is made of it.

/**
 * What a visitor did with an item. `rate` carries its rating in `value`, `view` the seconds it took; `uncart` takes back
 * what `cart` said before. Other names are a page's own kinds, see {@link EventWeights}.
 *
 * @example
 * ```ts
 * const kind: EventKind = "purchase";
 * ```
 */
export type EventKind =
  | "like"
  | "dislike"
  | "rate"
  | "view"
  | "purchase"
  | "skip"
  | "cart"
  | "uncart"
  | "wishlist"
  | "click"
  | "impression"
  | "search"
  | (string & {});

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
  /** How many were bought or put into the basket. */
  quantity?: number;
  /** What one of them cost. */
  price?: number;
  /** The `id` of the {@link Shelf} that the item stood on, by which its placement is credited. */
  shelf?: string;
}

/**
 * What events are worth. The defaults are those that replaying MovieLens users event by event found best.
 *
 * @example
 * ```ts
 * const events: EventWeights = { view: 0.2, scale: [1, 10], remains: 1 };
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
  /** Of an item that is put into the basket; 0.7 unless set. */
  cart?: number;
  /** Of one that is put onto a list for later; 0.7 unless set. */
  wishlist?: number;
  /** Of a click; 0.2 unless set. */
  click?: number;
  /** Of one that was searched for; 0.5 unless set. */
  search?: number;
  /** Of one that was shown, speaks against; 0 unless set. */
  impression?: number;
  /** Up to eight kinds of the page's own, each with its weight; below 0 it speaks against. They hide no item. */
  kinds?: Record<string, number>;
  /** The part of its weight that an old event keeps for good, 0 to 1; 0.1 unless set, 1 turns recency off. */
  remains?: number;
  /** Seconds in which half of the rest is gone, counted from the newest event; 120 unless set. */
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
 * Of Letterboxd give the archive, ratings.csv, diary.csv or watched.csv. Its watchlist.csv has the columns of watched.csv:
 * as a file it is refused by its name, as text nothing in it says that the films were not seen.
 *
 * @example
 * ```ts
 * const { matched, unmatched }: HistoryImport = await shop.importHistory(file);
 * for (const { line, title } of unmatched) console.info(`line ${line}: ${title} is not in the catalogue`);
 * ```
 */
export interface HistoryImport {
  /** Whose export it is, such as `Letterboxd`; `table` or `titles` for any other list. */
  source: string;
  /** Lines that tell of something seen or read. */
  rows: number;
  /** How many of them the catalogue has. */
  matched: number;
  /** How many of those were not known yet. */
  added: number;
  /** Lines that were left out because they tell of nothing seen: wishes, and what was given up. */
  unseen: number;
  /** The others: the line in the file, the header being 1, what it is called there, and of an archive the file. */
  unmatched: { line: number; title: string; year?: number; file?: string }[];
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
  /** The epoch that ended, from 1 on; 0 before the first one has. */
  epoch: number;
  /** How many there will be. */
  epochs: number;
  /** What training lowers, an interaction; in fine-tuning an event, before the epoch's steps. NaN before the first one. */
  loss: number;
  /** How much of all the work is done, 0 to 1: with `auto` the comparison is half of it. */
  share: number;
}
