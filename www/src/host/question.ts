import type { Catalog } from "../model/catalog.js";
import { EVENT_KINDS } from "../visitor/kinds.js";
import type { Reason, RecommendOptions, Recommendation, Rung } from "../types.js";
import { Question } from "../wasm/foldin.js";

/** Tells the engine what is asked. The question is the caller's to free. */
export function questionOf(options: RecommendOptions, catalog: Catalog): Question {
  const { count = 10, offset = 0, diversity = 0, explain = false, vector, exclude, only, where, boost } = options;
  const accept = typeof where === "function" ? (row: number): boolean => where(catalog.item(row)) : undefined;
  const question = new Question(count, offset, diversity, explain, vector, accept);
  if (options.unknown === "error") question.refuseUnknown();
  if (exclude) question.exclude(exclude);
  if (only) question.only(only);
  if (typeof where === "object") {
    for (const [column, { in: any, notIn, min, max }] of Object.entries(where)) {
      question.condition(column, any, notIn, min, max);
    }
  }
  if (boost?.items) question.boostItems(Object.keys(boost.items), Float32Array.from(Object.values(boost.items)));
  for (const [column, tags] of Object.entries(boost?.tags ?? {})) {
    question.boostTags(column, Object.keys(tags), Float32Array.from(Object.values(tags)));
  }
  for (const [column, tags] of Object.entries(options.quota ?? {})) {
    question.quota(column, Object.keys(tags), Float64Array.from(Object.values(tags)));
  }
  if (options.explore) question.explore(options.explore.seed, options.explore.strength ?? 0.3);
  return question;
}

/** By the numbers that the engine has for them. */
const RUNGS: readonly (Rung | undefined)[] = ["personal", "prior", "trending", "popular", "diverse"];

/** What the engine answered: how many rows it read, the rung, then of each result its row, score and reasons. */
export function resultsOf(numbers: Float64Array, catalog: Catalog, explain = false): Recommendation[] {
  let at = 2;
  const rung = RUNGS[numbers[1] ?? 0];
  const next = (): number => numbers[at++] ?? 0;
  const itemOf = catalog.reader();
  const results: Recommendation[] = [];
  while (at < numbers.length) {
    const result = itemOf(next()) as Recommendation;
    result.score = next();
    if (rung) result.rung = rung;
    let reasons = next();
    if (explain) {
      const because: Reason[] = (result.because = []);
      for (; reasons > 0; reasons--) {
        const row = next();
        const title = catalog.title(row);
        const event = EVENT_KINDS[next()] ?? "like";
        because.push({ item: catalog.id(row), ...(title !== undefined && { title }), event, share: next() });
      }
    }
    results.push(result);
  }
  return results;
}
