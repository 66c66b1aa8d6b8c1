// What the sliders mean: the shelf's own options for a question.

import type { Recommender, RecommendOptions } from "foldin";
import type { Catalogue } from "./catalogue.js";

/** Where the sliders stand: diversity from 0 to 1, the others from -1 (unknown, old) over 0 to 1 (famous, new). */
export interface Mix {
  diversity: number;
  popularity: number;
  recency: number;
}

/** By score alone. */
export const PLAIN: Mix = { diversity: 0, popularity: 0, recency: 0 };

/** The best by score, among which popularity and recency choose. */
const POOL = 300;
/** How far a film that is one deviation from the pool's mean is lifted, at most: e to this. */
const STRENGTH = 1.2;
/** The least and the most that foldin multiplies a score with. */
const LIFTS = [0.001, 1000] as const;

/** The options that a mix comes to. The pool's films are lifted or lowered by how famous and how new they are. */
export async function optionsOf(
  { diversity, popularity, recency }: Mix,
  recommender: Recommender,
  catalogue: Catalogue | undefined,
): Promise<RecommendOptions> {
  if (!catalogue || (popularity === 0 && recency === 0)) return { diversity };
  const pool = await recommender.recommend({ count: POOL });
  const fame = deviations(pool.map(({ item }) => Math.log1p(catalogue.countOf(item))));
  const youth = deviations(pool.map(({ numbers }) => numbers?.year));
  const exponents = pool.map((_, i) => STRENGTH * (popularity * (fame[i] ?? 0) + recency * (youth[i] ?? 0)));
  // No film of the pool is lowered, so that none from beyond comes before it.
  const least = Math.min(...exponents);
  const lift = (exponent: number): number => Math.min(LIFTS[1], Math.max(LIFTS[0], Math.exp(exponent - least)));
  const items = Object.fromEntries(pool.map(({ item }, i) => [item, lift(exponents[i] ?? 0)]));
  return { diversity, boost: { items } };
}

/** By how many standard deviations each value is off the mean; 0 for none. */
function deviations(values: (number | undefined)[]): number[] {
  const known = values.filter((value) => value !== undefined);
  const mean = known.reduce((sum, value) => sum + value, 0) / (known.length || 1);
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length || 1);
  return values.map((value) => (value === undefined || variance === 0 ? 0 : (value - mean) / Math.sqrt(variance)));
}
