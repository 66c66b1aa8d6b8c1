// The page's end of what is asked while nobody is known yet: what callers hand in is checked and made plain. A chunk
// of its own.

import * as check from "../check.js";
import { wrongType, wrongValue } from "../errors.js";
import { COUNT_RULES } from "../rules.js";
import type { Recommender } from "../recommender.js";
import type { NewItem, OnboardingOptions, Traits } from "../types.js";
import type { ColdQuestion } from "./question.js";

const VALUE: check.Rule = {
  expected: "a string, an array of strings, a number, or null",
  type: (value) => value === null || [check.text, check.number, check.strings].some(({ type }) => type(value)),
};
/** What is said of an item or a person, by column. */
export const COLUMNS = check.record(VALUE);
const ITEM = {
  id: check.text,
  title: check.text,
  features: COLUMNS,
  vector: check.floats,
  embedding: check.floats,
};

/** What each of the recommender's methods asks, by its name. */
export const questions = {
  onboarding(options: OnboardingOptions = {}): ColdQuestion {
    check.checkFields("options", options, COUNT_RULES);
    return { name: "onboarding", count: options.count ?? 10 };
  },

  addItem(item: NewItem): ColdQuestion {
    check.checkFields("item", item, ITEM, ["id"]);
    const { id, features, vector } = item;
    if (id === "") throw wrongValue("item.id", "at least one letter", "none");
    if (!features && !vector) throw wrongValue("item.features", "features, or a `vector`", "neither");
    return { name: "addItem", item };
  },

  removeItem(id: string): ColdQuestion {
    check.check("id", id, check.text);
    return { name: "removeItem", id };
  },

  addedItems: (): ColdQuestion => ({ name: "addedItems" }),

  traits(traits: Traits | null): ColdQuestion {
    if (traits === null) return { name: "believe", belief: undefined };
    check.check("traits", traits, COLUMNS);
    return { name: "believe", belief: { traits } };
  },

  async transfer(profile: Recommender | Float32Array): Promise<ColdQuestion> {
    const vector = profile instanceof Float32Array ? profile : await vectorOf(profile);
    if (!vector.every(Number.isFinite)) throw wrongValue("profile", "finite numbers", "NaN or infinity");
    return { name: "believe", belief: { transfer: [...vector] } };
  },
};

async function vectorOf(profile: Recommender): Promise<Float32Array> {
  if (typeof profile?.vector !== "function") {
    throw wrongType("profile", "another Recommender, or its visitor's vector as a Float32Array", typeof profile);
  }
  return profile.vector();
}
