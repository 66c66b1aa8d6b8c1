/** Titles without case and accents: the browser knows Unicode already, so the engine need not carry its tables. */
export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const WORD = /[\p{L}\p{N}]$/u;

/**
 * The rows of the best `count` titles that hold the text: where the title starts with it, then where a word does, then
 * the rest; each in the order of the rows. The titles are folded already.
 */
export function findTitles(folded: readonly [row: number, title: string][], text: string, count: number): number[] {
  const query = fold(text.trim());
  if (!query) return [];
  const ranked: [number[], number[], number[]] = [[], [], []];
  for (const [row, title] of folded) {
    const rank = rankOf(title, query);
    if (rank !== undefined) ranked[rank].push(row);
  }
  return ranked.flat().slice(0, count);
}

function rankOf(title: string, query: string): 0 | 1 | 2 | undefined {
  let at = title.indexOf(query);
  if (at <= 0) return at === 0 ? 0 : undefined;
  for (; at > 0; at = title.indexOf(query, at + 1)) if (!WORD.test(title.slice(0, at))) return 1;
  return 2;
}
