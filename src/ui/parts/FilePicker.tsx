import { useRef } from "preact/hooks";
import type { ChosenFile, Files, RejectedFile } from "../../core/files.ts";
import { useT, useUi } from "../context.ts";
import { Icon } from "./Icon.tsx";
import { fileSize } from "./time.ts";

interface PickerProps {
  readonly files: Files;
  /** The button's name; the composer shows it as an icon alone. */
  readonly label: string;
  readonly compact?: boolean;
  readonly disabled?: boolean;
}

export function FilePicker({ files, label, compact, disabled }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        class="hidden-input"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        accept={files.limits.value.accept?.join(",")}
        onChange={(event) => {
          files.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <button
        type="button"
        class={compact ? "icon-button" : "secondary"}
        aria-label={compact ? label : undefined}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        <Icon name="paperclip" />
        {!compact && label}
      </button>
    </>
  );
}

/** What was chosen, how far it has got, and what was not taken and why. */
export function FileList({ files, disabled }: { readonly files: Files; readonly disabled?: boolean }) {
  const t = useT();
  const { locale } = useUi().i18n;
  return (
    <>
      {files.files.value.length > 0 && (
        <ul class="chosen" aria-label={t("files.list")}>
          {files.files.value.map((chosen) => (
            <ChosenRow key={chosen.id} chosen={chosen} files={files} disabled={disabled ?? false} />
          ))}
        </ul>
      )}
      {files.rejected.value.map((file) => (
        <p key={file.name} class="field-error" role="alert">
          {rejection(file, files, t, locale.value)}
        </p>
      ))}
    </>
  );
}

function ChosenRow({
  chosen,
  files,
  disabled,
}: {
  readonly chosen: ChosenFile;
  readonly files: Files;
  readonly disabled: boolean;
}) {
  const t = useT();
  const { locale } = useUi().i18n;
  const { name, size } = chosen.file;
  const { state } = chosen;
  const percent = (fraction: number) => new Intl.NumberFormat(locale.value, { style: "percent" }).format(fraction);
  return (
    <li>
      <Icon name={state.status === "done" ? "check" : "file"} />
      <span class="chosen-name" dir="auto">
        {name}
      </span>
      {state.status === "uploading" ? (
        <progress
          value={state.progress}
          max={1}
          aria-label={t("files.uploading", { name, percent: percent(state.progress) })}
        />
      ) : (
        <span class="meta">{fileSize(size, locale.value)}</span>
      )}
      {state.status === "failed" && (
        <button
          type="button"
          class="icon-button"
          aria-label={t("files.retry", { name })}
          onClick={() => files.retry(chosen.id)}
        >
          <Icon name="retry" />
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={t("files.remove", { name })}
        disabled={disabled}
        onClick={() => files.remove(chosen.id)}
      >
        <Icon name="close" size={16} />
      </button>
      {state.status === "failed" && (
        <p class="field-error" role="alert">
          {t("files.failed", { name })} {t(`errors.${state.code}`)}
        </p>
      )}
    </li>
  );
}

function rejection({ name, reason }: RejectedFile, files: Files, t: ReturnType<typeof useT>, locale: string): string {
  const { maxBytes = 0, maxFiles = 0 } = files.limits.value;
  if (reason === "too-large") return t("files.tooLarge", { name, size: fileSize(maxBytes, locale) });
  if (reason === "too-many") return t("files.tooMany", { name, count: maxFiles });
  return t(reason === "empty" ? "files.empty" : "files.type", { name });
}
