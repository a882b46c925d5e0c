import { useEffect, useRef, useState } from "preact/hooks";
import { type AdapterErrorCode, isAdapterError } from "../../core/contract/errors.ts";
import { useT, useUi } from "../context.ts";
import { TextField } from "../parts/Field.tsx";
import { ErrorNotice, Notice } from "../parts/Notice.tsx";

/** Signs in with the desk's user name and password. */
export function SignIn() {
  const t = useT();
  const { widget } = useUi();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<AdapterErrorCode>();
  const [checked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const required = (value: string) => (checked && !value ? t("form.required") : undefined);

  useEffect(() => {
    if (checked) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [checked]);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setChecked(false);
    setCode(undefined);
    if (!username.trim() || !password) {
      queueMicrotask(() => setChecked(true));
      return;
    }
    setBusy(true);
    try {
      await widget.session.signIn({ username: username.trim(), password });
      setPassword("");
    } catch (error) {
      setCode(isAdapterError(error) ? error.code : "unknown");
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      ref={form}
      class="stack sign-in"
      noValidate
      onSubmit={(event) => void submit(event)}
      aria-label={t("account.signInTitle")}
    >
      {widget.session.expired.value && <Notice tone="warn">{t("errors.unauthorized")}</Notice>}
      <p class="hint">{t("account.signInHint")}</p>
      <TextField
        label={t("account.username")}
        value={username}
        autocomplete="username"
        error={required(username.trim())}
        onInput={setUsername}
      />
      <TextField
        label={t("account.password")}
        kind="secret"
        value={password}
        autocomplete="current-password"
        error={code === "unauthorized" ? t("account.wrong") : required(password)}
        onInput={setPassword}
      />
      {code && code !== "unauthorized" && <ErrorNotice code={code} />}
      <button type="submit" class="primary wide" aria-disabled={busy}>
        {t("account.signIn")}
      </button>
    </form>
  );
}
