import { type Recommendation, Recommender } from "foldin";

/** What the model recommends to somebody of whom it knows nothing: by popularity alone. */
export class Stranger {
  readonly #address: URL;
  #ranking: Promise<Recommendation[]> | undefined;

  constructor(address: URL) {
    this.#address = address;
  }

  /** Films by how many know them, most first: as many as may matter to a page. */
  ranking(): Promise<Recommendation[]> {
    this.#ranking ??= this.#ask();
    return this.#ranking;
  }

  async #ask(): Promise<Recommendation[]> {
    const recommender = await Recommender.load(this.#address, { worker: true });
    try {
      return await recommender.recommend({ count: Math.min(recommender.info.items, MOST) });
    } finally {
      await recommender.close();
    }
  }
}

const MOST = 5000;
