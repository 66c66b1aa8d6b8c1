/** Prints rows of equal fields, aligned; numbers with three digits. */
export function print(rows) {
  const fields = Object.keys(rows[0]);
  const cell = (value) => (typeof value === "number" ? String(Number(value.toPrecision(3))) : (value ?? "-"));
  const table = [fields, ...rows.map((row) => fields.map((field) => cell(row[field])))];
  const widths = fields.map((_, at) => Math.max(...table.map((line) => line[at].length)));
  for (const line of table) {
    console.log(line.map((text, at) => (at ? text.padStart(widths[at]) : text.padEnd(widths[at]))).join("  "));
  }
}
