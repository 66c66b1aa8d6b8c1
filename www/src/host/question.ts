import type { Catalog } from "../model/catalog.js";
import type { TellMore } from "../lazy/shop/question.js";
import type { Condition, Reason, RecommendOptions, Recommendation, Rung, SimilarOptions } from "../types.js";
import { Question } from "../wasm/foldin.js";

/** What all questions may ask for. */
export type Asked = RecommendOptions & Pick<SimilarOptions, "metric">;

/** What only `tellMore` can tell. */
const MORE: (keyof Asked)[] = ["by", "seeds", "seen", "pin", "bury", "atLeast", "personal", "boost", "quota", "explore"];

/** Whether a question asks for what few do. */
export const asksMore = (options: Asked): boolean =>
  MORE.some((name) => options[name] !== undefined) || ["or", "not"].some((name) => name in Object(options.where));

/** Tells the engine what is asked, all of it or all but what is there for `more`. The question is the caller's to free. */
export function questionOf(options: Asked, catalog: Catalog, more?: TellMore): Question {
  const { count = 10, offset = 0, diversity = 0, explain = false, vector, exclude, only, where } = options;
  const accept = typeof where === "function" ? (row: number): boolean => where(catalog.item(row)) : undefined;
  const question = new Question(count, offset, diversity, explain, vector, accept);
  if (options.unknown === "error") question.refuseUnknown();
  if (exclude) question.exclude(exclude);
  if (only) question.only(only);
  if (typeof where === "object" && !more) tellConditions(question, where as Record<string, Condition>);
  more?.(question, options);
  return question;
}

/** Tells what items must have in columns. */
export function tellConditions(question: Question, conditions: Record<string, Condition>): void {
  for (const [column, { in: any, notIn, min, max }] of Object.entries(conditions)) {
    question.condition(column, any, notIn, inColumn(min), inColumn(max));
  }
}

/** A bound as columns hold it: dates in seconds since 1970. */
const inColumn = (bound: number | Date | undefined): number | undefined =>
  bound instanceof Date ? bound.getTime() / 1000 : bound;

/** By the numbers that the engine has for them. */
const RUNGS: readonly (Rung | undefined)[] = [
  "personal",
  "prior",
  "trending",
  "popular",
  "diverse",
  "seeds",
  "new",
  "bought-together",
];

/** What the engine answered: how many rows it read, the rung, then of each result its row, score and reasons. */
export function resultsOf(
  numbers: Float64Array,
  catalog: Catalog,
  kinds: readonly string[],
  explain = false,
): Recommendation[] {
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
        const event = kinds[next()] ?? "own";
        because.push({ item: catalog.id(row), ...(title !== undefined && { title }), event, share: next() });
      }
    }
    results.push(result);
  }
  return results;
}
