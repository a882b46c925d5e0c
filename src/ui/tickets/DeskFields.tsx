import type { Field, FieldValue } from "../../core/contract/adapter.ts";
import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { CheckboxField, ChoicesField, SelectField, TextArea, TextField } from "../parts/Field.tsx";

interface DeskFieldsProps {
  readonly form: NonNullable<Widget["tickets"]["value"]>["form"];
  readonly errors: Readonly<Record<string, string>>;
  readonly disabled: boolean;
}

/** The desk's additional form fields. */
export function DeskFields({ form, errors, disabled }: DeskFieldsProps) {
  const values = form.words.value.fields;
  return (
    <>
      {form.fields.value.map((field) => (
        <DeskField
          key={field.key}
          field={field}
          value={values[field.key]}
          error={errors[field.key]}
          disabled={disabled}
          onInput={(value) => form.write({ fields: { ...values, [field.key]: value } })}
        />
      ))}
    </>
  );
}

interface DeskFieldProps {
  readonly field: Field;
  readonly value: FieldValue | undefined;
  readonly error: string | undefined;
  readonly disabled: boolean;
  onInput(value: FieldValue): void;
}

function DeskField({ field, value, onInput, ...state }: DeskFieldProps) {
  const t = useT();
  const common = { ...state, label: field.label, hint: field.help };
  const optional = { ...common, optional: !field.required };
  const options = field.options ?? [];
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  switch (field.kind) {
    case "checkbox":
      return (
        <CheckboxField {...common} required={field.required ?? false} checked={value === true} onInput={onInput} />
      );
    case "select":
      return <SelectField {...optional} value={text} empty={t("form.choose")} options={options} onInput={onInput} />;
    case "multi-select":
      return (
        <ChoicesField {...optional} chosen={Array.isArray(value) ? value : []} options={options} onInput={onInput} />
      );
    case "long-text":
      return <TextArea {...optional} rows={3} value={text} onInput={onInput} />;
    case "date":
    case "number":
      return <TextField {...optional} kind={field.kind} value={text} onInput={onInput} />;
    // Field types of a newer desk fall back to text.
    default:
      return <TextField {...optional} value={text} onInput={onInput} />;
  }
}
