import type { Hit, HistoryImport, Item, Recommendation, Recommender, TrainingProgress, VisitorEvent } from "foldin";
import type { Catalogue } from "./catalogue.js";
import { type Mix, optionsOf, PLAIN } from "./mix.js";
import type { Taste } from "./route.js";

/** What the visitor can think of a film here. */
/** What can be thought of a film, in the order of the buttons. */
export const OPINIONS = ["like", "dislike"] as const;
export type Opinion = (typeof OPINIONS)[number];

/** A film and what the visitor thinks of it. */
export interface Judged {
  item: Item;
  opinion: Opinion;
}

/** Films on the shelf, and how many more are shown at a time. */
export const SHELF = 12;
/** Films that a new visitor is asked about. */
const QUESTIONS = 12;
/** Films found by a search. */
const HITS = 8;

/** The visitor's opinions and the shelf they make. Tells `change` after each change of either. */
export class Session extends EventTarget {
  readonly recommender: Recommender;
  /** Once it was read. */
  catalogue: Catalogue | undefined;
  /** Where the sliders stand. */
  mix: Mix = PLAIN;
  /** The newest last. */
  #judged = new Map<string, Judged>();
  #shelf: Recommendation[] = [];
  #count = SHELF;
  readonly #items = new Map<string, Item>();
  /** A change of the mix that has not begun. */
  #steering: Promise<void> | undefined;
  #questions: Promise<Item[]> | undefined;
  /** The last change that was asked for. */
  #last: Promise<void> = Promise.resolve();

  private constructor(recommender: Recommender) {
    super();
    this.recommender = recommender;
  }

  /** Takes up what the stored profile tells. */
  static async start(recommender: Recommender): Promise<Session> {
    const session = new Session(recommender);
    const renew = (): void => {
      session.#items.clear();
      void session.#inTurn(async () => {});
    };
    recommender.on("update", renew);
    recommender.on("items", renew);
    await session.#refresh();
    return session;
  }

  /** Newest first. */
  get judged(): Judged[] {
    return [...this.#judged.values()].reverse();
  }

  /** The id of the film that was judged last, where others were before it. */
  get latest(): string | undefined {
    return this.#judged.size > 1 ? [...this.#judged.keys()].at(-1) : undefined;
  }

  get shelf(): Recommendation[] {
    return this.#shelf;
  }

  /** Whether the catalogue has more than the shelf shows. */
  get hasMore(): boolean {
    return this.#shelf.length === this.#count;
  }

  /** Whether the shelf is the visitor's own: something that they told speaks for a film. */
  get personal(): boolean {
    return this.#shelf[0]?.rung === "personal";
  }

  /** What the visitor thinks of a film, if anything. */
  opinion(id: string): Opinion | undefined {
    return this.#judged.get(id)?.opinion;
  }

  /** The films whose like or dislike would tell most; none where the model cannot say. */
  questions(): Promise<Item[]> {
    this.#questions ??= this.recommender.onboarding({ count: QUESTIONS }).catch(() => []);
    return this.#questions;
  }

  search(text: string): Promise<Hit[]> {
    return this.recommender.search(text, { count: HITS });
  }

  /** A film by its id; undefined where there is none. */
  async item(id: string): Promise<Item | undefined> {
    const known = this.#items.get(id);
    if (known) return known;
    try {
      const item = await this.recommender.item(id);
      this.#items.set(id, item);
      return item;
    } catch (error) {
      if ((error as { code?: string }).code === "unknown-item") return undefined;
      throw error;
    }
  }

  /** Sets or changes an opinion; the same one again takes it back. */
  judge(id: string, opinion: Opinion): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.opinion(id);
      if (before) await this.recommender.forget(id);
      if (before !== opinion) await this.recommender.record({ item: id, event: opinion });
    });
  }

  /** Takes over the opinions of others on films of which the visitor has none. */
  adopt({ like, dislike }: Taste): Promise<void> {
    return this.#inTurn(async () => {
      const events = [
        ...like.map((item) => ({ item, event: "like" as const })),
        ...dislike.map((item) => ({ item, event: "dislike" as const })),
      ];
      await this.recommender.record(events.filter(({ item }) => !this.opinion(item)));
    });
  }

  /** Takes over a person's own list; ratings count as the recommender weighs them. */
  async importHistory(list: string | Blob): Promise<HistoryImport> {
    let result: HistoryImport | undefined;
    await this.#inTurn(async () => {
      result = await this.recommender.importHistory(list);
    });
    return result as HistoryImport;
  }

  /** Takes over what a table tells of films that are here and of which nothing is known yet. */
  async importEvents(events: VisitorEvent[]): Promise<Pick<HistoryImport, "rows" | "matched" | "added">> {
    const result = { rows: events.length, matched: 0, added: 0 };
    await this.#inTurn(async () => {
      const known = new Set((await this.recommender.events()).map(({ item }) => item));
      const here = await Promise.all(events.map(({ item }) => this.#has(item)));
      const matched = events.filter((_, at) => here[at]);
      const added = matched.filter(({ item }) => !known.has(item));
      await this.recommender.record(added);
      Object.assign(result, { matched: matched.length, added: added.length });
    });
    return result;
  }

  /** Moves the items that the visitor has told about, for them alone. */
  tune(onProgress: (progress: TrainingProgress) => void, epochs: number): Promise<void> {
    return this.#inTurn(() => this.recommender.fineTune({ epochs, onProgress }));
  }

  /** Puts the items back where training left them. */
  untune(): Promise<void> {
    return this.#inTurn(() => this.recommender.resetTuning());
  }

  /** Takes an opinion back. */
  undo(id: string): Promise<void> {
    return this.#inTurn(() => this.recommender.forget(id));
  }

  /** Lengthens the shelf. */
  more(): Promise<void> {
    return this.#inTurn(async () => {
      this.#count += SHELF;
    });
  }

  /** Moves sliders. Moves that come before the last one was followed are one. */
  steer(change: Partial<Mix>): Promise<void> {
    this.mix = { ...this.mix, ...change };
    this.#steering ??= this.#inTurn(async () => {
      this.#steering = undefined;
    });
    return this.#steering;
  }

  /** Takes up what is known of all films; sliders that were moved before have waited for it. */
  know(catalogue: Catalogue | undefined): void {
    this.catalogue = catalogue;
    if (this.mix !== PLAIN) void this.#inTurn(async () => {});
  }

  async #has(id: string): Promise<boolean> {
    return this.catalogue?.rows.has(id) ?? (await this.item(id)) !== undefined;
  }

  /** Makes a change after those before it, so that a double click is a like and its undo, not two likes. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#last.then(change).finally(() => this.#refresh());
    this.#last = done.catch(() => {});
    return done;
  }

  async #refresh(): Promise<void> {
    const options = await optionsOf(this.mix, this.recommender, this.catalogue);
    const [events, shelf] = await Promise.all([
      this.recommender.events(),
      this.recommender.recommend({ ...options, count: this.#count, explain: true }),
    ]);
    const judged = new Map<string, Judged>();
    for (const { item: id, event } of events) {
      const opinion = OPINIONS.find((opinion) => opinion === event);
      const item = opinion && (await this.item(id));
      if (item) judged.set(id, { item, opinion });
    }
    this.#judged = judged;
    this.#shelf = shelf;
    this.dispatchEvent(new Event("change"));
  }
}
