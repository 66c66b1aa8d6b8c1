// Placements and rules as they come: an object, or the address of a JSON document or of a CSV file of rules.

import * as check from "../../api/check.js";
import { RECOMMEND_RULES } from "../../api/rules.js";
import { FoldinError, wrongValue } from "../../errors.js";
import { resolve } from "../../model/files.js";
import type { ShopPlan, ShopRule } from "../../types.js";

const DATE: check.Rule = {
  expected: "a date such as 2026-12-01",
  type: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)),
};
const { vector: _, explain: __, count: ___, offset: ____, ...ASKED } = RECOMMEND_RULES;
const RULE = { ...ASKED, placement: check.text, from: DATE, until: DATE, note: check.text };
const LIST: check.Rule = { expected: "an array", type: Array.isArray };
const PLAN = { placements: check.record(check.fields(RECOMMEND_RULES)), rules: LIST };

/** Reads a plan and checks it. */
export async function readPlan(source: ShopPlan | string | URL): Promise<ShopPlan> {
  const plan = typeof source === "string" || source instanceof URL ? await fetchPlan(resolve(source)) : source;
  check.checkFields("placements", plan, PLAN);
  plan.rules?.forEach((rule, at) => check.checkFields(`rules[${at}]`, rule, RULE));
  return plan;
}

async function fetchPlan(url: URL): Promise<ShopPlan> {
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new FoldinError("network", `${url}: ${String(cause)}; put the file there, or mend \`placements\``, { cause });
  });
  if (!answer.ok) throw new FoldinError("network", `${url}: status ${answer.status}; put the file there`);
  const text = await answer.text();
  try {
    return /^\s*\{/.test(text) ? (JSON.parse(text) as ShopPlan) : { rules: rulesOf(text) };
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new FoldinError("format", `${url}: expected JSON or CSV, found ${String(cause)}; check it`, { cause });
  }
}

const COLUMNS = ["placement", "rule", "item", "column", "tag", "value", "from", "until", "note"];

/** The rules of a CSV file: a rule a line, under the names of {@link COLUMNS}. */
export function rulesOf(csv: string): ShopRule[] {
  const [header = [], ...lines] = csv.split(/\r?\n/).filter((line) => line.trim()).map(cellsOf);
  const strange = header.find((name) => !COLUMNS.includes(name));
  if (strange !== undefined || !header.includes("rule")) {
    throw wrongValue("rules", `columns ${COLUMNS.join(", ")}`, strange ?? "no column rule");
  }
  return lines.map((cells, at) => {
    const named = Object.fromEntries(header.map((name, column) => [name, cells[column] ?? ""]));
    return ruleOf(named, `line ${at + 2}`);
  });
}

function ruleOf(line: Record<string, string>, place: string): ShopRule {
  const { rule = "", item = "", column = "", tag = "" } = line;
  const value = Number(line.value);
  const scope = Object.fromEntries(
    ["placement", "from", "until", "note"].flatMap((name) => (line[name] ? [[name, line[name]]] : [])),
  ) as ShopRule;
  const needs = (holds: boolean, what: string): void => {
    if (!holds) throw wrongValue(`rules, ${place}`, `${what} beside ${rule}`, "none");
  };
  const number = (): number => {
    needs(Boolean(line.value) && Number.isFinite(value), "a number as value");
    return value;
  };
  if (rule === "exclude" || rule === "bury" || rule === "pin") {
    needs(item !== "", "an item");
    return rule === "pin" ? { ...scope, pin: { [item]: number() } } : { ...scope, [rule]: [item] };
  }
  if (rule === "boost" && item) return { ...scope, boost: { items: { [item]: number() } } };
  if (rule === "boost" || rule === "quota" || rule === "atLeast") {
    needs(column !== "" && tag !== "", "a column and a tag");
    const by = { [column]: { [tag]: number() } };
    return rule === "boost" ? { ...scope, boost: { tags: by } } : { ...scope, [rule]: by };
  }
  throw wrongValue(`rules, ${place}`, "pin, bury, exclude, boost, quota or atLeast", rule || "nothing");
}

/** The cells of a line; one with a comma stands in quotes, a quote in it twice. */
const cellsOf = (line: string): string[] =>
  [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = ""]) =>
    (quoted?.replaceAll('""', '"') ?? plain).trim(),
  );
