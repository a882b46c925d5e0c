import { checkFields, type Field, type FieldValue } from "../../adapter/index.ts";

/** A dynamic field in a write. */
export interface FieldWrite {
  readonly Name: string;
  readonly Value: string | readonly string[];
}

/** The form's answers as dynamic fields. Rejects with `invalid`, naming each invalid field. */
export function answersOf(
  fields: readonly Field[],
  given: Readonly<Record<string, FieldValue>> | undefined,
): readonly FieldWrite[] {
  return Object.entries(checkFields(fields, given)).map(([Name, value]) => ({ Name, Value: valueOf(value) }));
}

function valueOf(value: FieldValue): string | readonly string[] {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "number" ? String(value) : value;
}
