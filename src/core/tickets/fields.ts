import type { Field, FieldValue } from "../contract/adapter.ts";

type Values = Readonly<Record<string, FieldValue>>;

/** The fault of a field's value: `required`, not a number, or not in the desk's format. */
export type FieldProblem = "required" | "number" | "format";

/** The visible fields: a dependent field is visible while the other one is, and has the right value. */
export function askedFields(fields: readonly Field[], values: Values): readonly Field[] {
  const asked: Field[] = [];
  for (const field of fields) {
    const { showWhen } = field;
    const value =
      showWhen &&
      valueOf(
        asked.find(({ key }) => key === showWhen.key),
        values[showWhen.key],
      );
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
  if (field.kind === "number" && typeof valueOf(field, value) !== "number") return "number";
  return field.pattern !== undefined && typeof value === "string" && !matches(field.pattern, value)
    ? "format"
    : undefined;
}

/** The answers to send: those of visible fields, without empty ones. */
export function answers(fields: readonly Field[], values: Values): Values {
  const given = askedFields(fields, values).flatMap((field): [string, FieldValue][] => {
    const value = valueOf(field, values[field.key]);
    return value === undefined || isBlank(value) ? [] : [[field.key, value]];
  });
  return Object.fromEntries(given);
}

/** A number is kept as typed, and converted when it is sent. */
function valueOf(field: Field | undefined, value: FieldValue | undefined): FieldValue | undefined {
  return field?.kind === "number" && typeof value === "string" ? (numberIn(value) ?? value) : value;
}

/**
 * The number that a person typed, in any digits and with either decimal sign. Undefined for other text, and for a
 * number that would lose precision.
 */
function numberIn(text: string): number | undefined {
  const plain = text
    .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replaceAll(/\s/g, "")
    .replace(/^[−–]/, "-")
    .replace(/[,٫]/, ".");
  const number = Number(plain);
  const isKept = !/^[+-]?\d+$/.test(plain) || Number.isSafeInteger(number);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(plain) && Number.isFinite(number) && isKept
    ? number
    : undefined;
}

function isBlank(value: FieldValue | undefined): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

/** Like HTML's `pattern`: the whole value, with Unicode sets; an invalid pattern refuses nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "v").test(value);
  } catch {
    return true;
  }
}
