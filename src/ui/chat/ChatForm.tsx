import { useEffect, useRef, useState } from "preact/hooks";
import type { Widget } from "../context.ts";
import { useT, useUi } from "../context.ts";
import { TextArea, TextField } from "../parts/Field.tsx";
import { ErrorNotice } from "../parts/Notice.tsx";

type Chat = NonNullable<Widget["chat"]["value"]>;

/** The form before the chat. What the site knows of the member is not asked again. */
export function ChatForm({ chat }: { readonly chat: Chat }) {
  const t = useT();
  const { widget } = useUi();
  const member = widget.session.session.value?.member;
  const form = chat.form.value;
  const [checked, setChecked] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const known = member && !member.guest && member.name && member.email ? member : undefined;
  const name = known?.name ?? form.name;
  const email = known?.email ?? form.email;
  const errors = {
    name: name.trim() ? undefined : t("form.required"),
    email: email.trim() ? (/^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : t("chat.emailWrong")) : t("form.required"),
    question: form.question.trim() ? undefined : t("form.required"),
  };
  const show = (error: string | undefined) => (checked ? error : undefined);
  const busy = chat.starting.value;

  useEffect(() => {
    if (checked) element.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [checked]);

  function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setChecked(false);
    if (Object.values(errors).some(Boolean)) {
      queueMicrotask(() => setChecked(true));
      return;
    }
    chat.fill({ name: name.trim(), email: email.trim() });
    void chat.start();
  }

  return (
    <form ref={element} class="screen" noValidate onSubmit={submit} aria-label={t("chat.title")}>
      <h2>{t("chat.title")}</h2>
      <p class="lead">{t("chat.formText")}</p>
      {chat.failure.value && <ErrorNotice code={chat.failure.value} />}
      {known ? (
        <p class="known">{t("chat.knownAs", { name, email })}</p>
      ) : (
        <>
          <TextField
            label={t("chat.name")}
            placeholder={t("chat.namePlaceholder")}
            autocomplete="name"
            value={form.name}
            error={show(errors.name)}
            disabled={busy}
            onInput={(value) => chat.fill({ name: value })}
          />
          <TextField
            label={t("chat.memberId")}
            placeholder={t("chat.memberIdPlaceholder")}
            optional
            value={form.memberId}
            disabled={busy}
            onInput={(value) => chat.fill({ memberId: value })}
          />
          <TextField
            label={t("chat.email")}
            placeholder={t("chat.emailPlaceholder")}
            kind="email"
            autocomplete="email"
            value={form.email}
            error={show(errors.email)}
            disabled={busy}
            onInput={(value) => chat.fill({ email: value })}
          />
        </>
      )}
      <TextArea
        label={t("chat.question")}
        placeholder={t("chat.questionPlaceholder")}
        value={form.question}
        error={show(errors.question)}
        disabled={busy}
        onInput={(value) => chat.fill({ question: value })}
      />
      <button type="submit" class="primary wide" aria-disabled={busy}>
        {t(busy ? "chat.starting" : "chat.start")}
      </button>
    </form>
  );
}
