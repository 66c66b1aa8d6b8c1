import type { Metrics } from "foldin";
import { bytes, milliseconds, number, percent, rounded, words } from "../language.js";
import type { Page } from "../page.js";

/** A figure with its name. */
export interface Fact {
  name: string;
  value: string;
}

/** What is known of the model that is shown and of the questions that it answered. */
export function facts(page: Page): Fact[] {
  const { session } = page;
  if (!session) return [];
  const { info } = session.recommender;
  const metrics = session.recommender.metrics();
  const time = (call: string): string => {
    const quantiles = metrics.milliseconds[call];
    return quantiles ? milliseconds(quantiles.p50) : "–";
  };
  const { hits, misses } = metrics.answers;
  return [
    { name: words.facts.model, value: `${bytes(info.bytes)} · ${info.precision}` },
    { name: words.facts.shape, value: `${number(info.items)} × ${info.dim}` },
    { name: words.facts.page, value: bytes(downloaded()) },
    { name: words.facts.load, value: time("load") },
    { name: words.facts.foldIn, value: time("record") },
    { name: words.facts.score, value: time("recommend") },
    { name: words.facts.rate, value: rate(info.items, metrics) },
    { name: words.facts.skipped, value: skipped(metrics) },
    { name: words.facts.answers, value: `${hits} / ${hits + misses}` },
  ];
}

/** What the page's own files weigh, as they are stored. */
function downloaded(): number {
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return (entries as PerformanceResourceTiming[]).reduce((sum, entry) => sum + entry.encodedBodySize, 0);
}

/** Items that were decided upon in a second, those among them that could be skipped. */
function rate(items: number, { milliseconds }: Metrics): string {
  const took = milliseconds.recommend?.p50;
  if (!took) return "–";
  return rounded((items / took) * 1000);
}

function skipped({ rows }: Metrics): string {
  return percent(rows.asked ? 1 - rows.read / rows.asked : 0);
}
