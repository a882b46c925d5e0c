import type { Field, FieldValue } from "../contract/adapter.ts";

type Values = Readonly<Record<string, FieldValue>>;

/** What is wrong with a field's value: `required`, or not of the form that the desk asks for. */
export type FieldProblem = "required" | "format";

/** Those that are asked for now: a field that depends on another one is there while that one is, with the right value. */
export function askedFields(fields: readonly Field[], values: Values): readonly Field[] {
  const asked: Field[] = [];
  for (const field of fields) {
    const { showWhen } = field;
    const value = showWhen && values[showWhen.key];
    const chosen: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isAsked =
      !showWhen ||
      (asked.some(({ key }) => key === showWhen.key) && showWhen.values.some((wanted) => chosen.includes(wanted)));
    if (isAsked) asked.push(field);
  }
  return asked;
}

export function fieldProblem(field: Field, value: FieldValue | undefined): FieldProblem | undefined {
  if (isBlank(value)) return field.required ? "required" : undefined;
  return field.pattern !== undefined && typeof value === "string" && !matches(field.pattern, value)
    ? "format"
    : undefined;
}

/** What is sent: the answers to what is asked, without empty ones. */
export function answers(fields: readonly Field[], values: Values): Values {
  const given = askedFields(fields, values).flatMap(({ key }): [string, FieldValue][] => {
    const value = values[key];
    return value === undefined || isBlank(value) ? [] : [[key, value]];
  });
  return Object.fromEntries(given);
}

function isBlank(value: FieldValue | undefined): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

/** As HTML's `pattern` does it: the whole value, Unicode sets; a pattern that is none refuses nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "v").test(value);
  } catch {
    return true;
  }
}
