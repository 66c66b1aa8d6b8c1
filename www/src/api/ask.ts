// The page's end of what is asked while nobody is known yet: what callers hand in is checked and made plain. A chunk
// of its own.

import * as check from "./check.js";
import { wrongType, wrongValue } from "../errors.js";
import { COUNT_RULES } from "./rules.js";
import type { Recommender } from "./recommender.js";
import type { Item, ModelInfo, NewItem, OnboardingOptions, Traits } from "../types.js";
import type { Host } from "../host/host.js";

const VALUE: check.Rule = {
  expected: "a string, an array of strings, a number, or null",
  type: (value) => value === null || [check.text, check.number, check.strings].some(({ type }) => type(value)),
};
/** What is said of an item or a person, by column. */
export const COLUMNS = check.record(VALUE);
const ITEM = {
  id: check.text,
  title: check.text,
  description: check.text,
  features: COLUMNS,
  vector: check.floats,
  embedding: check.floats,
};

/** What each of the recommender's methods asks of the host, by its name. */
export const calls = {
  onboarding(host: Host, options: OnboardingOptions = {}): Promise<Item[]> {
    check.checkFields("options", options, COUNT_RULES);
    return host.onboarding(options.count ?? 10);
  },

  addItem(host: Host, item: NewItem): Promise<void> {
    check.checkFields("item", item, ITEM, ["id"]);
    const { id, title, description, features, vector } = item;
    if (id === "") throw wrongValue("item.id", "at least one letter", "none");
    if (![title, description, features, vector].some(Boolean)) {
      throw wrongValue("item.features", "features, words (`title`, `description`) or a `vector`", "none");
    }
    return host.addItem(item);
  },

  complete(host: Host): Promise<ModelInfo> {
    return host.complete();
  },

  removeItem(host: Host, id: string): Promise<void> {
    check.check("id", id, check.text);
    return host.removeItem(id);
  },

  traits(host: Host, traits: Traits | null): Promise<void> {
    if (traits === null) return host.believe({ belief: undefined });
    check.check("traits", traits, COLUMNS);
    return host.believe({ belief: { traits } });
  },

  wish(host: Host, text: string | null): Promise<void> {
    if (text === null) return host.believe({ belief: undefined });
    check.check("text", text, check.text);
    return host.believe({ belief: { text } });
  },

  async transfer(host: Host, profile: Recommender | Float32Array): Promise<void> {
    const vector = profile instanceof Float32Array ? profile : await vectorOf(profile);
    if (!vector.every(Number.isFinite)) throw wrongValue("profile", "finite numbers", "NaN or infinity");
    return host.believe({ belief: { transfer: [...vector] } });
  },
};

async function vectorOf(profile: Recommender): Promise<Float32Array> {
  if (typeof profile?.vector !== "function") {
    throw wrongType("profile", "another Recommender, or its visitor's vector as a Float32Array", typeof profile);
  }
  return profile.vector();
}
