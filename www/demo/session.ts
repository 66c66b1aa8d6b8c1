import type { Item, Recommendation, Recommender } from "foldin";

/** What the visitor can think of a film here. */
export type Opinion = "like" | "dislike";

/** A film and what the visitor thinks of it. */
export interface Judged {
  item: Item;
  opinion: Opinion;
}

/** Films on the shelf. */
const SHELF = 24;
/** Films found by a search. */
const HITS = 8;

/** The visitor's opinions and the shelf they make. Tells `change` after each change of either. */
export class Session extends EventTarget {
  readonly #recommender: Recommender;
  /** The newest last. */
  #judged = new Map<string, Judged>();
  #shelf: Recommendation[] = [];
  /** The last change that was asked for. */
  #last: Promise<void> = Promise.resolve();

  private constructor(recommender: Recommender) {
    super();
    this.#recommender = recommender;
  }

  /** Takes up what the stored profile tells. */
  static async start(recommender: Recommender): Promise<Session> {
    const session = new Session(recommender);
    recommender.on("update", () => void session.#inTurn(async () => {}));
    await session.#refresh();
    return session;
  }

  /** Newest first. */
  get judged(): Judged[] {
    return [...this.#judged.values()].reverse();
  }

  get shelf(): Recommendation[] {
    return this.#shelf;
  }

  /** What the visitor thinks of a film, if anything. */
  opinion(id: string): Opinion | undefined {
    return this.#judged.get(id)?.opinion;
  }

  search(text: string): Promise<Item[]> {
    return this.#recommender.search(text, { count: HITS });
  }

  /** Sets or changes an opinion; the same one again takes it back. */
  judge(id: string, opinion: Opinion): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.opinion(id);
      if (before) await this.#recommender.forget(id);
      if (before !== opinion) await this.#recommender.record({ item: id, event: opinion });
    });
  }

  /** Takes an opinion back. */
  undo(id: string): Promise<void> {
    return this.#inTurn(() => this.#recommender.forget(id));
  }

  /** Makes a change after those before it, so that a double click is a like and its undo, not two likes. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#last.then(change).finally(() => this.#refresh());
    this.#last = done.catch(() => {});
    return done;
  }

  async #refresh(): Promise<void> {
    const [events, shelf] = await Promise.all([
      this.#recommender.events(),
      this.#recommender.recommend({ count: SHELF, explain: true }),
    ]);
    const judged = new Map<string, Judged>();
    for (const { item, event } of events) {
      if (event !== "like" && event !== "dislike") continue;
      judged.set(item, { item: await this.#recommender.item(item), opinion: event });
    }
    this.#judged = judged;
    this.#shelf = shelf;
    this.dispatchEvent(new Event("change"));
  }
}
