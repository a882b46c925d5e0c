import { RE2JS } from "re2js";
import type { Field, FieldValue } from "../../core/contract/adapter.ts";
import { invalid } from "./invalid.ts";

type Answers = Readonly<Record<string, FieldValue>>;

/**
 * Holds a draft's answers against what the desk's form asks. Gives those that say something; rejects with `invalid`,
 * naming each field that is unknown, not asked for, missing or not of its kind.
 */
export function checkFields(fields: readonly Field[], given: Answers | undefined): Answers {
  const answers = Object.entries(given ?? {}).filter(([, value]) => !isEmpty(value));
  const values = new Map(answers);
  const asked = new Map(fields.filter((field) => isAsked(field, values)).map((field) => [field.key, field]));
  const wrong = new Map<string, string>();
  for (const field of asked.values()) {
    const value = values.get(field.key);
    const missing = value === undefined || value === false;
    if (missing && field.required === true) wrong.set(field.key, "must be given");
  }
  for (const [key, value] of answers) {
    const field = asked.get(key);
    const fault = field === undefined ? "is not asked for" : checks[field.kind](value, field);
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

/** What is wrong with the value, if anything. */
type Check = (value: FieldValue, field: Field) => string | undefined;

const text: Check = (value, { pattern }) => {
  if (typeof value !== "string") return "must be text";
  if (pattern === undefined) return undefined;
  return fits(pattern, value) ? undefined : `must fit the pattern ${pattern}`;
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
  // The 30th of February parses, as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/**
 * https://html.spec.whatwg.org/multipage/input.html#attr-input-pattern: the whole value. RE2 takes time that grows with the
 * length alone, whatever the pattern. What it does not know, such as looking ahead, is left to the browser and the desk.
 */
function fits(pattern: string, value: string): boolean {
  try {
    return RE2JS.compile(`^(?:${pattern})$`).matches(value);
  } catch {
    return true;
  }
}
