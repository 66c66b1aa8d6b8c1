// What a model says of its items and of itself.

import type { Rung } from "./cold.js";
import type { EventKind } from "./visitor.js";

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
 * An item that a search found.
 *
 * @example
 * ```ts
 * const hits: Hit[] = await shop.search("slow space opera with robots");
 * const alike = hits.filter(({ by }) => by === "meaning");
 * ```
 */
export interface Hit extends Item {
  /** What found it: the letters of its title, or what its title, tags and description mean. */
  by: "letters" | "meaning";
}

/**
 * A word of a text that was asked with, and what it added to a score.
 *
 * @example
 * ```ts
 * const [best] = await shop.recommend({ text: "slow space opera with robots", explain: true });
 * const strongest: WordShare | undefined = best?.words?.[0];
 * ```
 */
export interface WordShare {
  /** The word, as the table of words has it. */
  word: string;
  /** Its part of what was believed before the visitor's own events, in the score's unit; below zero where it pulled down. */
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
  /** By what it was chosen; for what {@link Recommender.recommend} found. */
  rung?: Rung;
  /** How many items it was chosen from, as long as parts of the model are missing. */
  over?: number;
  /** The events that brought it, largest share first, when `explain` was asked for. */
  because?: Reason[];
  /** The words of `text` that moved it, strongest first, when `explain` was asked for. */
  words?: WordShare[];
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
  /** Number of items: of those that are there, where the model comes in parts. */
  items: number;
  /** Number of items of the whole model, where it comes in parts. */
  of?: number;
  /** Numbers in a factor. */
  dim: number;
  /** How the factors are stored. */
  precision: Precision;
  /** Bytes of memory that the model takes. */
  bytes: number;
  /** The model file's own notes: algorithm, data set, evaluation and so on. */
  metadata: Record<string, string>;
}
