import type { Widget } from "../context.ts";
import { useT } from "../context.ts";
import { CheckboxField, SelectField, TextField } from "../parts/Field.tsx";

interface DeskFieldsProps {
  readonly form: NonNullable<Widget["tickets"]["value"]>["form"];
  readonly errors: Readonly<Record<string, string>>;
  readonly disabled: boolean;
}

/** What else the desk's own form asks for. */
export function DeskFields({ form, errors, disabled }: DeskFieldsProps) {
  const t = useT();
  const values = form.words.value.fields;
  const write = (key: string, value: string | boolean) => form.write({ fields: { ...values, [key]: value } });
  return (
    <>
      {form.fields.value.map((field) => {
        const common = { label: field.label, hint: field.help, error: errors[field.key], disabled };
        const optional = !field.required;
        const value = values[field.key];
        if (field.kind === "checkbox") {
          return (
            <CheckboxField
              key={field.key}
              {...common}
              checked={value === true}
              onInput={(checked) => write(field.key, checked)}
            />
          );
        }
        const text = typeof value === "string" ? value : "";
        return field.kind === "select" ? (
          <SelectField
            key={field.key}
            {...common}
            optional={optional}
            value={text}
            empty={t("form.choose")}
            options={field.options ?? []}
            onInput={(chosen) => write(field.key, chosen)}
          />
        ) : (
          <TextField
            key={field.key}
            {...common}
            optional={optional}
            value={text}
            onInput={(typed) => write(field.key, typed)}
          />
        );
      })}
    </>
  );
}
