import type { ComponentChildren } from "preact";
import type { AdapterErrorCode } from "../../core/contract/errors.ts";
import { useT } from "../context.ts";

interface ErrorNoticeProps {
  readonly code: AdapterErrorCode;
  /** The wrong fields are marked. */
  readonly marked?: boolean;
  readonly onRetry?: () => void;
  /** The button's label, if it is not "Try again". */
  readonly label?: string | undefined;
  /** Further explanation. */
  readonly children?: ComponentChildren;
}

/** An error, announced immediately (`role="alert"`). `onRetry` adds a button. */
export function ErrorNotice({ code, marked = false, onRetry, label, children }: ErrorNoticeProps) {
  const t = useT();
  return (
    <div class="notice bad" role="alert" tabIndex={-1}>
      <p>{t(marked && code === "invalid" ? "errors.invalidFields" : `errors.${code}`)}</p>
      {children}
      {onRetry && (
        <button type="button" class="link" onClick={onRetry}>
          {label ?? t("start.retry")}
        </button>
      )}
    </div>
  );
}

/** A one-line error next to what it is about. */
export function ErrorLine({ id, children }: { readonly id?: string; readonly children: ComponentChildren }) {
  return (
    <p id={id} class="field-error" role="alert">
      {children}
    </p>
  );
}

/** A note, announced politely. */
export function Notice({
  children,
  tone = "plain",
}: {
  readonly children: ComponentChildren;
  readonly tone?: "plain" | "warn";
}) {
  return (
    <div class={`notice ${tone}`} role="status">
      {children}
    </div>
  );
}
