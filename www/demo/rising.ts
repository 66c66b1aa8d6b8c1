/** Where the members of a longest rising subsequence are, the last first. */
export function rising(numbers: number[]): number[] {
  /** Of each length where the subsequence ends that ends lowest, and what comes before each member. */
  const [ends, before]: [number[], (number | undefined)[]] = [[], []];
  for (const [at, number] of numbers.entries()) {
    const place = ends.findIndex((end) => (numbers[end] ?? 0) > number);
    const length = place < 0 ? ends.length : place;
    before[at] = ends[length - 1];
    ends[length] = at;
  }
  const members: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) members.push(at);
  return members;
}
