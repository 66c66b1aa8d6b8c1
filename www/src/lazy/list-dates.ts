// Dates of a list, as sites and spreadsheets write them.

import { type Moments, mapped } from "../host/task.js";

const NUMERIC = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})/;

/** Dates of one column in milliseconds, at midnight in Greenwich; seconds since 1970, as MovieLens writes them. */
export async function timesOf(dates: string[], moments: Moments): Promise<(number | undefined)[]> {
  // 05.06.2024 is June; of 05/06/2024 the other dates tell, which have a day beyond 12.
  const numeric = await mapped(dates, moments, (date) => NUMERIC.exec(date));
  const dayFirst = numeric.some((found) => found && (Number(found[1]) > 12 || found.input.includes(".")));
  const monthFirst = numeric.some((found) => found && Number(found[2]) > 12);
  return mapped(dates, moments, (date) => {
    const time = timeOf(date, dayFirst, monthFirst);
    return time === undefined || Number.isNaN(time) ? undefined : Math.min(time, Date.now());
  });
}

function timeOf(text: string, dayFirst: boolean, monthFirst: boolean): number | undefined {
  if (/^\d{9,11}$/.test(text)) return 1000 * Number(text);
  const [, first = 0, second = 0, year = 0] = NUMERIC.exec(text)?.map(Number) ?? [];
  if (year && dayFirst !== monthFirst) return dayFirst ? Date.UTC(year, second - 1, first) : Date.UTC(year, first - 1, second);
  if (year) return undefined;
  const day = text.replace(/^(\d{4})[/-](\d{1,2})[/-](\d{1,2})/, (_, y, m, d) => `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`);
  // Without a zone JavaScript would take the time for the browser's own, and the day with it.
  return Date.parse(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(day) ? `${day.replace(" ", "T")}Z` : day);
}
