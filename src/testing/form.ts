import type { Field, FieldValue } from "../core/contract/adapter.ts";

export type Answers = Readonly<Record<string, FieldValue>>;

/** The answers that the form requires. */
export function requiredAnswers(form: readonly Field[], known: Answers = {}): Answers {
  const required = form.filter((field) => field.required === true && field.showWhen === undefined);
  return Object.fromEntries(
    required.map((field) => {
      const answer = goodAnswer(field, known);
      if (answer === undefined) throw new Error(`the subject's "answers" need one for the field "${field.key}"`);
      return [field.key, answer];
    }),
  );
}

/** Undefined for a text with a pattern, unless `known` has an answer. */
export function goodAnswer(field: Field, known: Answers = {}): FieldValue | undefined {
  const given = known[field.key];
  if (given !== undefined) return given;
  const option = field.options?.[0]?.value;
  switch (field.kind) {
    case "select":
      return option;
    case "multi-select":
      return option === undefined ? undefined : [option];
    case "checkbox":
      return true;
    case "date":
      return "2026-11-23";
    case "number":
      return 7;
    default:
      return field.pattern === undefined ? "Köszönöm <b>&amp;</b> 🐎" : undefined;
  }
}

/** Values that are invalid for the field, whatever the rest of the form requires. */
export function badAnswers({ kind, pattern }: Field): readonly FieldValue[] {
  switch (kind) {
    case "select":
      return ["no such option", "' OR 1=1 --"];
    case "multi-select":
      return [["no such option"], "no such option"];
    case "checkbox":
      return ["perhaps"];
    case "date":
      return ["yesterday", "2026-02-30", "23. 11. 2026"];
    case "number":
      return ["seven"];
    default: {
      if (pattern === undefined) return [7];
      const whole = new RegExp(`^(?:${pattern})$`, "v");
      return ["?", "\u{1F40E} no", "x".repeat(100), "12"].filter((text) => !whole.test(text));
    }
  }
}

/** The answers that make the form show the field. */
export function answersBefore(field: Field, form: readonly Field[]): Answers {
  const { showWhen } = field;
  const controlling = form.find((one) => one.key === showWhen?.key);
  const value = showWhen?.values[0];
  if (controlling === undefined || value === undefined) return {};
  return {
    ...answersBefore(controlling, form),
    [controlling.key]: controlling.kind === "multi-select" ? [String(value)] : value,
  };
}
