// One typing error: a letter too many, one missing, another one, or two changed round.

/** Whether at most one typing error lies between the two. */
export function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  if (a.length > b.length) return isNear(b, a);
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  if (a.length < b.length) return a.slice(at) === b.slice(at + 1);
  const rest = a.slice(at + 1) === b.slice(at + 1);
  return rest || (a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2));
}

/** Whether at most one typing error lies between `typed` and what the word starts with. */
export const startsNear = (word: string, typed: string): boolean =>
  [-1, 0, 1].some((more) => word.length >= typed.length + more && isNear(typed, word.slice(0, typed.length + more)));

/** The fewest letters that are looked at for a typing error. */
export const LETTERS = 5;
