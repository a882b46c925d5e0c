import type { Field, FieldValue } from "../../core/contract/adapter.ts";
import type { CustomField } from "./schemas.ts";

/** A field of the form, and Redmine's id for it. */
export interface FormField {
  readonly field: Field;
  readonly id: number;
  /** Redmine requires a yes or a no. */
  readonly answerNeeded: boolean;
}

const kinds: Readonly<Record<string, Field["kind"]>> = {
  string: "text",
  link: "text",
  text: "long-text",
  bool: "checkbox",
  date: "date",
  int: "number",
  float: "number",
  list: "select",
  enumeration: "select",
};

/** The formats that a form supports: those that refer to users, versions or files are only for agents. */
export function formOf(fields: readonly CustomField[]): readonly FormField[] {
  return fields.flatMap((one) => {
    const kind = kindOf(one);
    return kind === undefined
      ? []
      : [{ id: one.id, field: fieldOf(one, kind), answerNeeded: kind === "checkbox" && one.is_required }];
  });
}

export function kindOf({ field_format: format, multiple, possible_values: values }: CustomField) {
  const kind = kinds[format];
  if (kind !== "select") return kind;
  if (values.length === 0) return undefined;
  return multiple ? "multi-select" : "select";
}

function fieldOf(one: CustomField, kind: Field["kind"]): Field {
  const pattern = kind === "text" || kind === "long-text" ? patternOf(one) : undefined;
  return {
    key: `cf_${one.id}`,
    label: one.name,
    kind,
    ...(kind.endsWith("select")
      ? { options: one.possible_values.map(({ value, label }) => ({ value, label: label ?? value })) }
      : {}),
    // A required yes/no field may be answered with no.
    ...(one.is_required && kind !== "checkbox" ? { required: true } : {}),
    ...(one.description ? { help: one.description } : {}),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

/**
 * Redmine's expressions are Ruby's and match anywhere in the text; expressions that a browser cannot read are only
 * checked by Redmine.
 */
function patternOf({ regexp, min_length: min, max_length: max }: CustomField): string | undefined {
  if (regexp) {
    const plain = regexp.replace(/^(?:\^|\\A)/, "").replace(/(?:\$|\\[zZ])$/, "");
    const start = plain === regexp || !/^(?:\^|\\A)/.test(regexp) ? String.raw`[\s\S]*` : "";
    const end = /(?:(?<!\\)\$|\\[zZ])$/.test(regexp) ? "" : String.raw`[\s\S]*`;
    const pattern = `${start}(?:${plain})${end}`;
    return isPattern(pattern) ? pattern : undefined;
  }
  if (!min && !max) return undefined;
  return String.raw`[\s\S]{${min || 0},${max || ""}}`;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "v").source !== "";
  } catch {
    return false;
  }
}

/** In Redmine's format. */
export function customValues(
  form: readonly FormField[],
  answers: Readonly<Record<string, FieldValue>>,
): readonly { readonly id: number; readonly value: string | readonly string[] }[] {
  return form.flatMap(({ id, field, answerNeeded }) => {
    const value = answers[field.key] ?? (answerNeeded ? false : undefined);
    if (value === undefined) return [];
    if (typeof value === "boolean") return [{ id, value: value ? "1" : "0" }];
    return [{ id, value: typeof value === "number" ? String(value) : value }];
  });
}
