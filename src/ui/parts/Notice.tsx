import type { ComponentChildren } from "preact";
import type { AdapterErrorCode } from "../../core/contract/errors.ts";
import { useT } from "../context.ts";

interface ErrorNoticeProps {
  readonly code: AdapterErrorCode;
  /** Fields are marked as what is wrong. */
  readonly marked?: boolean;
  readonly onRetry?: () => void;
  /** What the next step is called, where it is not to try again. */
  readonly label?: string | undefined;
  /** What happens next. */
  readonly children?: ComponentChildren;
}

/** Something that went wrong, said at once to everyone; `onRetry` offers the next step. */
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

/** The same in one line, at the place that it is about. */
export function ErrorLine({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="field-error" role="alert">
      {children}
    </p>
  );
}

/** Something worth knowing, said when it turns up. */
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
