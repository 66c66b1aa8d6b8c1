// Checks of what callers hand in: a wrong type is a TypeError, a wrong value a RangeError, both name the field.

import { wrongType, wrongValue } from "../errors.js";

/** What a field takes: first its type, then its range. */
export interface Rule {
  expected: string;
  type: (value: unknown) => boolean;
  range?: (value: never) => boolean;
  /** Checks what is in it. */
  inside?: (field: string, value: object) => void;
}

type Rules = Record<string, Rule>;

const rule = <T>(expected: string, type: (value: unknown) => value is T, range?: (value: T) => boolean): Rule =>
  range ? { expected, type, range } : { expected, type };

const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isFloats = (value: unknown): value is Float32Array => value instanceof Float32Array;

/** By how many milliseconds the clocks of a page and its server may differ. */
const CLOCKS = 60_000;

export const text = rule("a string", isString);
export const list = rule("a string or a File", (value) => isString(value) || value instanceof Blob);
export const strings: Rule = {
  expected: "an array of strings",
  type: Array.isArray,
  inside: (field, value) => {
    const at = (value as unknown[]).findIndex((member) => !isString(member));
    if (at >= 0) check(`${field}[${at}]`, (value as unknown[])[at], text);
  },
};
export const floats = rule("a Float32Array", isFloats);
export const numbers = rule(
  "an array of finite numbers",
  (value): value is number[] => Array.isArray(value) && value.every(Number.isFinite),
);
export const flag = rule("true or false", (value) => typeof value === "boolean");
export const callback = rule("a function", (value) => typeof value === "function");
export const abortSignal = rule("an AbortSignal", (value) => value instanceof AbortSignal);
export const number = rule("a number", isNumber);
export const finite = rule("a finite number", isNumber, Number.isFinite);
export const anything = rule("a value", (value) => value !== undefined);
export const object = rule("an object", (value) => typeof value === "object" && value !== null);
export const fileDigest = rule("sha256- and 44 letters of base64", isString, (digest) =>
  /^sha256-[A-Za-z0-9+/]{43}=$/.test(digest),
);
/** The times that a Date can have. */
const isTime = (n: number): boolean => Math.abs(n) <= 8.64e15;
export const past = rule("a time that is not in the future", isNumber, (n) => isTime(n) && n <= Date.now() + CLOCKS);

export const scale = rule(
  "two numbers, the higher one last",
  (value): value is number[] => Array.isArray(value) && value.length === 2 && value.every(isNumber),
  ([low = 0, high = 0]) => low < high && Number.isFinite(high - low),
);
export const whole = rule("a whole number of at least 0", isNumber, (n) => Number.isSafeInteger(n) && n >= 0);
export const natural = rule("a whole number of at least 1", isNumber, (n) => Number.isSafeInteger(n) && n >= 1);

/** A whole number of at least 1. */
export const upTo = (most: number): Rule =>
  rule(`a whole number from 1 to ${most}`, isNumber, (n) => Number.isSafeInteger(n) && n >= 1 && n <= most);

/** Checks that a rating with a scale of its own lies on it. */
export function onScale(owner: string, { value, scale: own }: { value?: number; scale?: number[] }): void {
  const [low = -Infinity, high = Infinity] = own ?? [];
  if (value !== undefined && !(value >= low && value <= high)) {
    throw wrongValue(`${owner}.value`, `a rating from ${low} to ${high}`, String(value));
  }
}

/** An object with some of the fields. */
export const fields = (rules: Rules, ...required: string[]): Rule => ({
  ...object,
  inside: (field, value) => checkFields(field, value, rules, required),
});

/** An object with any names, whose values all take the same. */
export const record = (each: Rule): Rule => ({
  ...object,
  inside: (field, value) => {
    for (const [name, inner] of Object.entries(value)) check(`${field}.${name}`, inner, each);
  },
});

/** A number, or a date that there is. */
const bound = rule("a number or a date", (value) => isNumber(value) || value instanceof Date, (n) => !Number.isNaN(+n));

const CONDITION = { in: strings, notIn: strings, min: bound, max: bound };

/** What items must have by column, alternatives and negations within, so many levels deep. */
export const conditions = (levels: number): Rule => ({
  ...object,
  inside: (field, value) => {
    if (levels < 0) throw wrongValue(field, "at most 8 levels of or and not", "more");
    for (const [name, inner] of Object.entries(value)) {
      const own = `${field}.${name}`;
      const nested = name === "or" || name === "not";
      if (nested) for (const one of [inner].flat()) check(own, one, conditions(levels - 1));
      else checkFields(own, inner, CONDITION);
    }
  },
});

/** A function, or what the rule says. */
export const callbackOr = (rule: Rule): Rule => ({
  expected: `a function or ${rule.expected}`,
  type: (value) => callback.type(value) || rule.type(value),
  inside: (field, value) => callback.type(value) || rule.inside?.(field, value),
});

/** One of a few strings. */
export const oneOf = (...names: string[]): Rule =>
  rule(`one of ${names.join(", ")}`, isString, (name) => names.includes(name));

/** Checks one value, which `field` names. */
export function check(field: string, value: unknown, { expected, type, range, inside }: Rule): void {
  if (!type(value)) throw wrongType(field, expected, describe(value));
  if (range && !range(value as never)) throw wrongValue(field, expected, describe(value));
  inside?.(field, value as object);
}

/** Checks an object of options: none may be misspelt, all but the `required` ones may be left out. */
export function checkFields(
  owner: string,
  value: unknown,
  rules: Rules,
  required: readonly string[] = [],
): void {
  if (typeof value !== "object" || value === null) throw wrongType(owner, "an object", describe(value));
  const fields = value as Record<string, unknown>;
  for (const [name, found] of Object.entries(fields)) {
    if (!Object.hasOwn(rules, name)) {
      throw wrongType(`${owner}.${name}`, `only ${Object.keys(rules).join(", ")}`, "an unknown field");
    }
    if (found !== undefined) check(`${owner}.${name}`, found, rules[name] as Rule);
  }
  for (const name of required) {
    if (fields[name] === undefined) check(`${owner}.${name}`, undefined, rules[name] as Rule);
  }
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value instanceof Date) return "a Date: give its getTime()";
  if (typeof value === "object" && value !== null) return `a value of type ${value.constructor?.name ?? "object"}`;
  return typeof value === "function" ? "a function" : String(value);
}
