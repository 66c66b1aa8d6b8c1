import type { Interaction } from "foldin";
import Papa from "papaparse";

/** Names that a column may have, without case and all but letters. */
const NAMES = {
  user: ["user", "userid", "customer", "customerid", "visitor", "visitorid", "member"],
  item: ["item", "itemid", "movie", "movieid", "product", "productid", "sku", "book", "bookid"],
  value: ["rating", "value", "score", "stars"],
};

/** Lines that a page trains on. */
const MOST = 1_000_000;

/** The interactions of many users in a table; undefined where it has no columns of users and items. */
export function interactionsIn(text: string): Interaction[] | undefined {
  const { data, meta } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const plain = (name: string): string => name.split(":")[0]?.toLowerCase().replace(/[^a-z]/g, "") ?? "";
  const column = (kind: keyof typeof NAMES): string | undefined =>
    meta.fields?.find((field) => NAMES[kind].includes(plain(field)));
  const [user, item, value] = [column("user"), column("item"), column("value")];
  if (!user || !item) return undefined;
  const interactions: Interaction[] = [];
  for (const row of data) {
    const [who, what] = [row[user]?.trim(), row[item]?.trim()];
    if (!who || !what) continue;
    const rating = value ? Number(row[value]) : Number.NaN;
    interactions.push({ user: who, item: what, ...(Number.isFinite(rating) && { value: rating }) });
    if (interactions.length === MOST) break;
  }
  return interactions.length ? interactions : undefined;
}
