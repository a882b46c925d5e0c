import { RE2JS } from "re2js";
import type { Field, FieldValue } from "../core/contract/adapter.ts";
import { invalid } from "./drafts.ts";

type Answers = Readonly<Record<string, FieldValue>>;

/**
 * Checks a draft's answers against the fields of the desk's form. Returns those that are not empty; rejects with
 * `invalid`, naming each field that is unknown, not on the form, missing or of the wrong kind.
 */
export function checkFields(fields: readonly Field[], given: Answers | undefined): Answers {
  const answers = Object.entries(given ?? {}).filter(([, value]) => !isEmpty(value));
  const values = new Map(answers);
  const asked = new Map(fields.filter((field) => isAsked(field, values)).map((field) => [field.key, field]));
  const wrong = new Map<string, string>();
  for (const field of asked.values()) {
    const value = values.get(field.key);
    const missing = value === undefined || value === false;
    if (missing && field.required === true) wrong.set(field.key, "is required");
  }
  for (const [key, value] of answers) {
    const field = asked.get(key);
    const fault = field === undefined ? "is not on the form" : checks[field.kind](value, field);
    if (fault !== undefined) wrong.set(key, fault);
  }
  if (wrong.size === 0) return Object.fromEntries(answers);
  throw invalid(Object.fromEntries(wrong));
}

function isEmpty(value: FieldValue): boolean {
  return (typeof value === "string" && value.trim() === "") || (Array.isArray(value) && value.length === 0);
}

function isAsked({ showWhen }: Field, values: ReadonlyMap<string, FieldValue>): boolean {
  if (showWhen === undefined) return true;
  const value = values.get(showWhen.key);
  const chosen = isList(value) ? value : [value];
  return chosen.some((each) => each !== undefined && showWhen.values.includes(each));
}

function isList(value: FieldValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}

/** The fault of the value, if any. */
type Check = (value: FieldValue, field: Field) => string | undefined;

const text: Check = (value, { pattern }) => {
  if (typeof value !== "string") return "must be text";
  if (pattern === undefined) return undefined;
  return fits(pattern, value) ? undefined : `must match the pattern ${pattern}`;
};
const checks: Readonly<Record<Field["kind"], Check>> = {
  text,
  "long-text": text,
  select: (value, field) => (isOption(field, value) ? undefined : "must be one of the options"),
  "multi-select": (value, field) =>
    isList(value) && value.every((each) => isOption(field, each)) ? undefined : "must be some of the options",
  checkbox: (value) => (typeof value === "boolean" ? undefined : "must be true or false"),
  date: (value) => (isDate(value) ? undefined : "must be a date such as 2026-11-23"),
  number: (value) => (typeof value === "number" && Number.isFinite(value) ? undefined : "must be a number"),
};

function isOption({ options = [] }: Field, value: FieldValue): boolean {
  return options.some((option) => option.value === value);
}

function isDate(value: FieldValue): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(value);
  // Date.parse accepts the 30th of February, as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/**
 * A desk's own expression, which may match anywhere in the value, as a field's `pattern`, which matches the whole.
 * Undefined for expressions that a browser cannot read.
 */
export function patternAnywhere(source: string): string | undefined {
  const begins = /^(?:\^|\\A)/.test(source);
  const ends = /(?:(?<!\\)\$|\\[zZ])$/.test(source);
  const plain = source.replace(/^(?:\^|\\A)/, "").replace(/(?:(?<!\\)\$|\\[zZ])$/, "");
  const pattern = `${begins ? "" : String.raw`[\s\S]*`}(?:${plain})${ends ? "" : String.raw`[\s\S]*`}`;
  return readPattern(pattern) === undefined ? undefined : pattern;
}

/** As a browser reads a `pattern`. */
export function readPattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "v");
  } catch {
    return undefined;
  }
}

/**
 * https://html.spec.whatwg.org/multipage/input.html#attr-input-pattern: the whole value. RE2 takes linear time,
 * whatever the pattern. Expressions that it does not support, such as look-ahead, are left to the browser and the desk.
 */
function fits(pattern: string, value: string): boolean {
  try {
    return RE2JS.compile(`^(?:${pattern})$`).matches(value);
  } catch {
    return true;
  }
}
