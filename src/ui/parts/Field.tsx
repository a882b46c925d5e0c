import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { directionFor } from "./direction.ts";
import { useT } from "../context.ts";
import { Icon } from "./Icon.tsx";

interface FieldProps {
  readonly label: string;
  readonly optional?: boolean;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

interface TextProps extends FieldProps {
  readonly value: string;
  onInput(value: string): void;
  /** Selects a phone's keyboard. `secret` hides the input; `code` is not treated as text of a language. */
  readonly kind?: "text" | "email" | "secret" | "date" | "number" | "code";
  readonly placeholder?: string;
  readonly autocomplete?: "username" | "current-password" | "name" | "email" | "off";
  readonly disabled?: boolean;
}

/** Keeps phones from capitalising or correcting the input. */
const literal = { autoCapitalize: "none", autoCorrect: "off", spellcheck: false } as const;

interface Described {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

/** Label above, hint and error below, tied to the control. */
function Labelled({
  label,
  optional,
  hint,
  error,
  children,
}: FieldProps & { children(control: Described): ComponentChildren }) {
  const t = useT();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="optional"> — {t("form.optional")}</span>}
      </label>
      {children(described(id, hint, error))}
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

function described(id: string, hint: string | undefined, error: string | undefined): Described {
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return { id, ...(describedBy && { "aria-describedby": describedBy }), ...(error && { "aria-invalid": true }) };
}

function Notes({ id, hint, error }: { readonly id: string } & Pick<FieldProps, "hint" | "error">) {
  return (
    <>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </>
  );
}

export function TextField({
  value,
  onInput,
  kind = "text",
  placeholder = "",
  autocomplete = "off",
  disabled = false,
  ...field
}: TextProps) {
  const isLiteral = kind !== "text" || autocomplete === "username";
  return (
    <Labelled {...field}>
      {(control) => {
        const input = {
          ...control,
          value,
          placeholder,
          autoComplete: autocomplete,
          disabled,
          required: !field.optional,
          dir: directionFor(value),
          ...(isLiteral ? literal : {}),
          onInput: (event: { readonly currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
        } as const;
        if (kind === "secret" || kind === "date")
          return <input type={kind === "date" ? kind : "password"} {...input} />;
        // `type="number"` would discard input that it can't parse.
        if (kind === "number") return <input type="text" inputMode="decimal" {...input} />;
        return <input type="text" inputMode={kind === "email" ? kind : "text"} {...input} />;
      }}
    </Labelled>
  );
}

/** Grows with its content up to the style sheet's limit. */
export function TextArea({
  value,
  onInput,
  placeholder = "",
  disabled = false,
  rows = 4,
  ...field
}: Omit<TextProps, "kind" | "autocomplete"> & { readonly rows?: number }) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.blockSize = "auto";
    area.current.style.blockSize = `${area.current.scrollHeight + 2}px`;
  }, [value]);
  return (
    <Labelled {...field}>
      {(control) => (
        <textarea
          {...control}
          ref={area}
          rows={rows}
          value={value}
          placeholder={placeholder}
          disabled={disabled}
          required={!field.optional}
          dir={directionFor(value)}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface SelectProps extends FieldProps {
  readonly value: string;
  /** `lang`: what the label is written in, where that is another language than the panel's. */
  readonly options: readonly { readonly value: string; readonly label: string; readonly lang?: string }[];
  readonly empty?: string | undefined;
  readonly disabled?: boolean;
  onInput(value: string): void;
}

export function SelectField({ value, options, empty, disabled = false, onInput, ...field }: SelectProps) {
  return (
    <Labelled {...field}>
      {(control) => (
        <span class="select">
          <select
            {...control}
            value={value}
            disabled={disabled}
            onChange={(event) => onInput(event.currentTarget.value)}
          >
            {empty !== undefined && <option value="">{empty}</option>}
            {options.map((option) => (
              <option key={option.value} value={option.value} lang={option.lang}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="down" size={18} />
        </span>
      )}
    </Labelled>
  );
}

interface ChoicesProps extends Omit<SelectProps, "value" | "empty" | "onInput"> {
  readonly chosen: readonly string[];
  onInput(chosen: readonly string[]): void;
}

/** Multiple choice with checkboxes. */
export function ChoicesField({
  options,
  chosen,
  disabled = false,
  onInput,
  label,
  optional,
  hint,
  error,
}: ChoicesProps) {
  const t = useT();
  const id = useId();
  const notes = described(id, hint, error);
  return (
    <fieldset class="field" aria-describedby={notes["aria-describedby"]}>
      <legend>
        {label}
        {optional && <span class="optional"> — {t("form.optional")}</span>}
      </legend>
      {options.map((option) => (
        <label key={option.value} class="checkbox">
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            disabled={disabled}
            aria-invalid={notes["aria-invalid"]}
            onChange={({ currentTarget: { checked } }) =>
              onInput(
                options
                  .map(({ value }) => value)
                  .filter((value) => (value === option.value ? checked : chosen.includes(value))),
              )
            }
          />
          {option.label}
        </label>
      ))}
      <Notes id={id} hint={hint} error={error} />
    </fieldset>
  );
}

interface CheckboxProps extends Omit<FieldProps, "optional"> {
  readonly checked: boolean;
  readonly required?: boolean;
  readonly disabled?: boolean;
  onInput(checked: boolean): void;
}

export function CheckboxField({
  label,
  hint,
  error,
  checked,
  required = false,
  disabled = false,
  onInput,
}: CheckboxProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="checkbox">
        <input
          {...described(id, hint, error)}
          type="checkbox"
          checked={checked}
          required={required}
          disabled={disabled}
          onChange={(event) => onInput(event.currentTarget.checked)}
        />
        {label}
      </label>
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}
