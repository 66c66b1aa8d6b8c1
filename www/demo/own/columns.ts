// The columns of a table that tell who had what.

import type { Interaction } from "foldin";

/** Names that a column may have, without case and all but letters. */
const NAMES = {
  user: ["user", "userid", "customer", "customerid", "visitor", "visitorid", "member"],
  item: ["item", "itemid", "movie", "movieid", "product", "productid", "sku", "book", "bookid"],
  value: ["rating", "value", "score", "stars"],
  time: ["timestamp", "time", "date"],
};

/** What a line of a table tells. */
export interface Line extends Omit<Interaction, "time"> {
  /** As the table writes it. */
  time?: string | undefined;
}

type Row = Record<string, string>;

/** What reads a row of a table with these columns; undefined where there are none of users and items. */
export function reader(fields: string[]): ((row: Row) => Line | undefined) | undefined {
  const plain = (name: string): string => name.split(":")[0]?.toLowerCase().replace(/[^a-z]/g, "") ?? "";
  const column = (kind: keyof typeof NAMES): string | undefined =>
    fields.find((field) => NAMES[kind].includes(plain(field)));
  const [user, item, value, time] = [column("user"), column("item"), column("value"), column("time")];
  if (!user || !item) return undefined;
  return (row) => {
    const [who, what] = [row[user]?.trim(), row[item]?.trim()];
    if (!who || !what) return undefined;
    const rating = Number((value && row[value]?.trim()) || Number.NaN);
    const line = { user: who, item: what, time: time && row[time] };
    return Number.isFinite(rating) ? { ...line, value: rating } : line;
  };
}
