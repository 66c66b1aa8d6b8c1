// What few questions ask for, checked and told to the engine. A chunk of its own.

import { type Asked, tellConditions } from "../../host/question.js";
import { wrongValue } from "../../errors.js";
import type { Condition, Conditions, Seen } from "../../types.js";
import type { Question } from "../../wasm/foldin.js";

/** By the numbers that the engine has for them. */
const BY = ["visitor", "trending", "popular", "new", "bought-together"];

/** Tells the engine more of what is asked. */
export type TellMore = (question: Question, options: Asked) => void;

/** In a host whose events are of these kinds. */
export const tellMore =
  (kinds: string[]): TellMore =>
  (question, { where, by, dates, seeds, personal = 0, seen, pin, bury, atLeast, boost, quota, explore }) => {
    if (typeof where === "object") tellGroup(question, where);
    if (by !== undefined) {
      question.rankBy(BY.indexOf(by), dates);
    }
    if (seeds || personal) question.seeds(seeds ?? [], personal);
    if (seen) tellSeen(question, seen, kinds);
    if (pin) question.pin(Object.keys(pin), Float64Array.from(Object.values(pin)));
    if (bury) question.bury(bury);
    if (boost?.items) question.boostItems(Object.keys(boost.items), Float32Array.from(Object.values(boost.items)));
    for (const [column, tags] of Object.entries(boost?.tags ?? {})) {
      question.boostTags(column, Object.keys(tags), Float32Array.from(Object.values(tags)));
    }
    for (const [column, tags] of Object.entries(quota ?? {})) {
      question.quota(column, Object.keys(tags), Float64Array.from(Object.values(tags)));
    }
    if (explore) question.explore(explore.seed, explore.strength ?? 0.3);
    for (const [column, tags] of Object.entries(atLeast ?? {})) {
      question.atLeast(column, Object.keys(tags), Float64Array.from(Object.values(tags)));
    }
  };

function tellGroup(question: Question, conditions: Conditions): void {
  const { or, not, ...columns } = conditions as { or?: Conditions[]; not?: Conditions };
  tellConditions(question, columns as Record<string, Condition>);
  for (const [groups, negated] of [[[or ?? []].flat(), false], [[not ?? []].flat(), true]] as const) {
    for (const group of groups) {
      question.open();
      tellGroup(question, group);
      question.close(negated);
    }
  }
}

function tellSeen(question: Question, seen: Seen, kinds: string[]): void {
  const words = ["hide", "show", "only"];
  const [[word, named] = [], ...others] = typeof seen === "string" ? [[seen]] : Object.entries(Object(seen));
  const known = (kind: unknown): boolean => kinds.includes(kind as string);
  const right = named === undefined ? typeof seen === "string" : word !== "show" && Array.isArray(named) && named.every(known);
  if (!words.includes(word as string) || others.length > 0 || !right) {
    throw wrongValue("options.seen", "hide, show, only, or one of hide and only with kinds of events", JSON.stringify(seen));
  }
  const codes = named === undefined ? undefined : Uint8Array.from(named as string[], (kind) => kinds.indexOf(kind));
  question.seen(words.indexOf(word as string), codes);
}
