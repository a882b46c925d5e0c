import { useEffect } from "preact/hooks";
import { languageOf } from "../../core/contract/language-tag.ts";
import { languageName } from "../../i18n/index.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { fieldProblem } from "../../core/tickets/fields.ts";
import { ConsentField, useConsent } from "../parts/Consent.tsx";
import { SelectField, TextField } from "../parts/Field.tsx";
import { FileList } from "../parts/FileList.tsx";
import { FilePicker } from "../parts/FilePicker.tsx";
import { ErrorNotice, Notice } from "../parts/Notice.tsx";
import { fileSize } from "../parts/file-size.ts";
import { useChecked } from "../parts/use-checked.ts";
import { Articles } from "./Articles.tsx";
import { ContextInfo } from "./ContextInfo.tsx";
import { DeskFields } from "./DeskFields.tsx";
import { Similar } from "./Similar.tsx";
import { Steps } from "./Steps.tsx";

type Tickets = NonNullable<Widget["tickets"]["value"]>;

/** "Submit a new tech issue": title with its language, the steps, files. Saves the draft on every keystroke. */
export function TicketForm({ tickets }: { readonly tickets: Tickets }) {
  const t = useT();
  const { i18n, ticketLanguage } = useUi();
  const { form } = tickets;
  const words = form.words.value;
  const locale = i18n.locale.value;
  const language = form.language.value;
  const title = form.title.value;
  const text = form.text.value;
  const { element, checked, check } = useChecked(form.failure.value, form.discarded.value);
  const wrong = errorsIn(tickets, title, text, t);
  const consent = useConsent();
  const errors = { ...refusedByDesk(tickets, t), ...(checked && wrong) };
  const busy = form.sending.value !== "idle";

  useEffect(() => void form.prepare(), [form, locale]);

  function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    check({ ...wrong, consent: consent.error }, () => {
      consent.give();
      void form.submit();
    });
  }

  return (
    <form ref={element} class="screen" noValidate onSubmit={submit} aria-label={t("form.title")}>
      <h2>{t("form.title")}</h2>
      {form.failure.value && <ErrorNotice code={form.failure.value.code} marked={Object.keys(errors).length > 0} />}
      {words.conversationId && <Notice>{t("form.fromChat")}</Notice>}
      <TextField
        label={t("form.subject")}
        value={words.title}
        placeholder={t("form.subjectPlaceholder")}
        hint={
          words.title.trim() && title !== words.title.trim()
            ? t("form.subjectHint", { title: title.slice(0, 120) })
            : undefined
        }
        error={errors["title"]}
        disabled={busy}
        onInput={(value) => form.write({ title: value })}
      />
      <Articles articles={form.articles} />
      <Similar tickets={tickets} language={language} />
      <Steps form={form} error={errors["text"]} disabled={busy} />
      {tickets.canUpload.value && <FileSection tickets={tickets} disabled={busy} />}
      <DeskFields form={form} errors={errors} disabled={busy} />
      {ticketLanguage !== "off" && (
        <SelectField
          label={t("form.language")}
          value={language}
          options={choices(locale, language, i18n.languages).map((tag) => ({
            value: tag,
            label: languageName(tag),
            lang: tag,
          }))}
          disabled={busy}
          onInput={(value) => form.write({ language: value })}
        />
      )}
      <ContextInfo form={form} disabled={busy} />
      <ConsentField consent={consent} checked={checked} />
      <Submit tickets={tickets} />
    </form>
  );
}

function FileSection({ tickets, disabled }: { readonly tickets: Tickets; readonly disabled: boolean }) {
  const t = useT();
  const { i18n } = useUi();
  const { files } = tickets.form;
  const { maxBytes, maxFiles } = files.limits.value;
  return (
    <fieldset class="field">
      <legend>
        {t("form.files")}
        <span class="optional"> — {t("form.optional")}</span>
      </legend>
      <p class="hint">
        {t("form.filesHint")}{" "}
        {maxBytes && maxFiles && t("files.limits", { count: maxFiles, size: fileSize(maxBytes, i18n.locale.value) })}{" "}
        <span class="by-mouse">{t("files.drop")}</span>
      </p>
      <FileList files={files} disabled={disabled} />
      <FilePicker files={files} label={t("files.add")} disabled={disabled} />
    </fieldset>
  );
}

function Submit({ tickets }: { readonly tickets: Tickets }) {
  const t = useT();
  const { form } = tickets;
  const sending = form.sending.value;
  const discarded = form.discarded.value;
  const label = sending === "idle" ? "form.submit" : sending === "uploading" ? "form.waitingForFiles" : "form.sending";
  return (
    <div class="submit">
      {sending === "retrying" && (
        <Notice tone="warn">
          <p>{t("form.retrying")}</p>
          <button type="button" class="link" onClick={() => form.retry()}>
            {t("form.tryNow")}
          </button>
        </Notice>
      )}
      <button type="submit" class="primary wide" aria-disabled={sending !== "idle"}>
        {t(label)}
      </button>
      {/* The button's own words are not read out again when they change. */}
      <span class="unseen" role="status">
        {(sending === "uploading" || sending === "sending") && t(label)}
      </span>
      {sending === "idle" && (discarded || isBegun(form)) && (
        <p class="meta center">
          {discarded ? (
            <span role="status">{t("form.discarded")}</span>
          ) : (
            form.saved.value === "saved" && t("form.saved")
          )}{" "}
          <button type="button" class="link" onClick={() => (discarded ? form.undoDiscard() : form.discard())}>
            {t(discarded ? "panel.undo" : "form.discard")}
          </button>
        </p>
      )}
      {form.saved.value === "memory" && <p class="meta center">{t("panel.noStorage")}</p>}
    </div>
  );
}

function isBegun({ words, files }: Tickets["form"]): boolean {
  const { title, text, did, expected } = words.value;
  return [title, text, did, expected].some(Boolean) || files.files.value.length > 0;
}

/** The widget's language, the selected one, and those the browser lists. */
function choices(locale: string, chosen: string, languages: readonly string[]): string[] {
  const browser = navigator.languages.map(languageOf);
  return [...new Set([locale, chosen, ...languages, ...browser])];
}

type Errors = Readonly<Record<string, string>>;

function errorsIn(tickets: Tickets, title: string, text: string, t: ReturnType<typeof useT>): Errors {
  const { words, fields } = tickets.form;
  const limits = tickets.limits.value;
  const errors: Record<string, string> = {};
  const { fields: values } = words.value;
  if (!words.value.title.trim()) errors["title"] = t("form.required");
  else if (title.length > limits.title)
    errors["title"] = t("form.tooLong", { max: limits.title, length: title.length });
  if (!words.value.text.trim()) errors["text"] = t("form.required");
  else if (text.length > limits.text) errors["text"] = t("form.tooLong", { max: limits.text, length: text.length });
  for (const field of fields.value) {
    const problem = fieldProblem(field, values[field.key]);
    if (problem === "format") errors[field.key] = field.help ?? t("form.wrongFormat");
    else if (problem) errors[field.key] = t(problem === "number" ? "form.noNumber" : "form.required");
  }
  return errors;
}

function refusedByDesk({ form }: Tickets, t: ReturnType<typeof useT>): Errors {
  return Object.fromEntries(Object.keys(form.failure.value?.fields ?? {}).map((key) => [key, t("form.notAccepted")]));
}
