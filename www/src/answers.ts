/** A copy of plain data, in a fraction of the time that structuredClone takes. */
function copied<T>(data: T): T {
  if (typeof data !== "object" || data === null) return data;
  const copy = (Array.isArray(data) ? [...data] : { ...data }) as Record<string, unknown>;
  for (const key in copy) copy[key] = copied(copy[key]);
  return copy as T;
}

/** Answers that were given before or are on their way, the least recently used ones dropped first. */
export class Answers {
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #room: number;
  /** Rises when the answers of before are no longer true. */
  version = 0;
  hits = 0;
  misses = 0;

  constructor(room: number) {
    this.#room = room;
  }

  /** The answer to a question, asked for unless it was before. Each caller gets a copy of its own. */
  async get<T>(question: unknown[], ask: () => Promise<T>): Promise<T> {
    const key = JSON.stringify(question);
    const known = this.#answers.get(key) as Promise<T> | undefined;
    if (known) this.hits++;
    else this.misses++;
    const answer = known ?? ask();
    // Deleted and set again it is the most recent one: a Map keeps the order of insertion.
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size > this.#room) this.#answers.delete(this.#answers.keys().next().value as string);
    try {
      return copied(await answer);
    } catch (error) {
      this.#answers.delete(key);
      throw error;
    }
  }

  /** Forgets all answers: the visitor, or the model, is another. */
  clear(): void {
    this.version++;
    this.#answers.clear();
  }
}
