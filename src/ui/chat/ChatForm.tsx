import type { Member } from "../../core/contract/adapter.ts";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { ConsentField, useConsent } from "../parts/Consent.tsx";
import { TextArea, TextField } from "../parts/Field.tsx";
import { ErrorNotice, Notice } from "../parts/Notice.tsx";
import { relativeTime } from "../parts/time.ts";
import { useNow } from "../parts/use-now.ts";
import { useChecked } from "../parts/use-checked.ts";
import { inLanguages } from "./in-language.ts";

type Chat = NonNullable<Widget["chat"]["value"]>;
type Errors = Readonly<Record<"name" | "email" | "question", string | undefined>>;

/** The form before a chat. Leaves out what the site already knows about the member. */
export function ChatForm({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { widget, i18n } = useUi();
  const now = useNow();
  const { element, checked, check } = useChecked(chat.failure.value);
  const form = chat.form.value;
  const known = whoIsKnown(widget.session.session.value?.member);
  const { name, email } = known ?? form;
  const busy = chat.starting.value;
  const trouble = chat.startTrouble.value;
  const errors: Errors = {
    name: name.trim() ? undefined : t("form.required"),
    email: emailError(email.trim(), t),
    question: form.question.trim() ? undefined : t("form.required"),
  };
  const shown = checked ? errors : undefined;
  const consent = useConsent();

  function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    check({ ...errors, consent: consent.error }, () => {
      consent.give();
      chat.fill({ name: name.trim(), email: email.trim() });
      void chat.start();
    });
  }

  return (
    <form ref={element} class="screen" noValidate onSubmit={submit} aria-label={t("chat.title")}>
      <h2>{t("chat.title")}</h2>
      <p class="lead">{t("chat.formText")}</p>
      <Languages chat={chat} />
      {chat.last.value && (
        <button type="button" class="link" onClick={() => chat.showLast()}>
          {t("chat.last", { when: relativeTime(chat.last.value.createdAt, i18n.locale.value, now) })}
        </button>
      )}
      {form.ticketId && <Notice>{t("chat.aboutTicket")}</Notice>}
      {trouble && (
        <ErrorNotice code={trouble} label={t("form.tryNow")} onRetry={() => chat.retry()}>
          <p>{t("chat.startRetrying")}</p>
        </ErrorNotice>
      )}
      {chat.failure.value && <ErrorNotice code={chat.failure.value} />}
      {known ? (
        <p class="known">{t("chat.knownAs", { name, email })}</p>
      ) : (
        <WhoFields chat={chat} errors={shown} disabled={busy} />
      )}
      <TextArea
        label={t("chat.question")}
        placeholder={t("chat.questionPlaceholder")}
        value={form.question}
        error={shown?.question}
        disabled={busy}
        onInput={(value) => chat.fill({ question: value })}
      />
      <ConsentField consent={consent} checked={checked} />
      {chat.tellsPage() && <p class="meta">{t("chat.pageNote")}</p>}
      <button type="submit" class="primary wide" aria-disabled={busy}>
        {t(busy ? "chat.starting" : "chat.start")}
      </button>
    </form>
  );
}

/** The languages the team answers in, shown before the form's questions. */
function Languages({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { i18n } = useUi();
  const languages = chat.availability.value?.languages;
  return languages ? (
    <p class="meta">{t("chat.speaks", { spoken: inLanguages(t, languages, i18n.locale.value) })}</p>
  ) : null;
}

interface WhoFieldsProps {
  readonly chat: Chat;
  readonly errors: Errors | undefined;
  readonly disabled: boolean;
}

function WhoFields({ chat, errors, disabled }: WhoFieldsProps) {
  const t = useT();
  const form = chat.form.value;
  return (
    <>
      <TextField
        label={t("chat.name")}
        placeholder={t("chat.namePlaceholder")}
        autocomplete="name"
        value={form.name}
        error={errors?.name}
        disabled={disabled}
        onInput={(value) => chat.fill({ name: value })}
      />
      <TextField
        label={t("chat.memberId")}
        placeholder={t("chat.memberIdPlaceholder")}
        kind="code"
        optional
        value={form.memberId}
        disabled={disabled}
        onInput={(value) => chat.fill({ memberId: value })}
      />
      <TextField
        label={t("chat.email")}
        placeholder={t("chat.emailPlaceholder")}
        kind="email"
        autocomplete="email"
        value={form.email}
        error={errors?.email}
        disabled={disabled}
        onInput={(value) => chat.fill({ email: value })}
      />
    </>
  );
}

function whoIsKnown(member: Member | undefined) {
  const { name, email, guest } = member ?? {};
  return name && email && !guest ? { name, email } : undefined;
}

function emailError(email: string, t: ReturnType<typeof useT>): string | undefined {
  if (!email) return t("form.required");
  return /^[^\s@]+@[^\s@]+$/.test(email) ? undefined : t("chat.emailWrong");
}
