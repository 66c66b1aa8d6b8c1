// What a page says and asks while nobody is known yet.

/**
 * What is said in one column: tags, a number, or null where it is not known.
 *
 * @example
 * ```ts
 * const genres: FeatureValue = ["Comedy", "Drama"];
 * ```
 */
export type FeatureValue = string | string[] | number | null;

/**
 * An item that joins the model: with features, from which a model trained with `--items` makes its factor; with words, from
 * which one trained with `--words` does; or with a factor of its own.
 *
 * @example
 * ```ts
 * const film: NewItem = { id: "new-1", title: "Brand New", features: { genres: ["Comedy"], year: 2026 } };
 * ```
 */
export interface NewItem {
  /** Its id, which the model does not have yet. */
  id: string;
  /** Its title; kept where the catalogue has titles. */
  title?: string;
  /** A sentence or more. With it, or without `features`, the factor follows from the words of title, description and tags. */
  description?: string;
  /**
   * By column of the catalogue. Beside a `vector` or a `description` only for the catalogue and its words; without them every
   * column must be said.
   */
  features?: Record<string, FeatureValue>;
  /** Its factor, of the model's `dim`, instead of one from features. */
  vector?: Float32Array;
  /** What a language model makes of its text, as long as in training; for models trained with `--item-embeddings`. */
  embedding?: Float32Array;
}

/**
 * An item that was added.
 *
 * @example
 * ```ts
 * for (const { title, refused } of await shop.addedItems()) if (refused) console.warn(title, refused);
 * ```
 */
export interface AddedItem {
  /** Its id. */
  id: string;
  /** Its title, where it was given one. */
  title?: string;
  /** Why the model in use does not take it, if so: it waits for one that does. */
  refused?: string;
}

/**
 * What a visitor says of themselves: by column of `foldin train --users`. What is not said is not known.
 *
 * @example
 * ```ts
 * const traits: Traits = { age: 30, occupation: "student" };
 * ```
 */
export type Traits = Record<string, FeatureValue>;

/**
 * How to ask a new visitor.
 *
 * @example
 * ```ts
 * const options: OnboardingOptions = { count: 5 };
 * ```
 */
export interface OnboardingOptions {
  /** How many items; 10 unless set. */
  count?: number;
}

/**
 * By what an answer was made, from what knows most of the visitor to what knows nothing:
 *
 * - `personal`: their own events, or the `vector` that was given
 * - `prior`: what is believed of them: their traits, another model's vector, or what anybody is like
 * - `trending`: what was in demand at the end of training's interactions
 * - `popular`: what most people had in training
 * - `diverse`: items unlike each other, in a model that knows neither
 * - `seeds`, `new`, `bought-together`: what the question asked for
 * - `fallback`: the page's own list, as the model could not be used
 *
 * @example
 * ```ts
 * const [first] = await shop.recommend();
 * heading.textContent = first?.rung === "personal" ? "For you" : "Everybody's";
 * ```
 */
export type Rung =
  | "personal"
  | "prior"
  | "trending"
  | "popular"
  | "diverse"
  | "seeds"
  | "new"
  | "bought-together"
  | "fallback";
