import { useState } from "preact/hooks";
import type { RejectedFile } from "../../core/delivery/file-limits.ts";
import type { Files } from "../../core/delivery/files.ts";
import type { ChosenFile } from "../../core/delivery/uploads.ts";
import { useT, useUi } from "../context.ts";
import { Icon } from "./Icon.tsx";
import { ErrorLine } from "./Notice.tsx";
import { Thumbnail } from "./Thumbnail.tsx";
import { fileSize } from "./file-size.ts";

/** The chosen files with their upload progress, and the refused ones with the reason. */
export function FileList({ files, disabled = false }: { readonly files: Files; readonly disabled?: boolean }) {
  const t = useT();
  const { locale } = useUi().i18n;
  return (
    <>
      {files.files.value.length > 0 && (
        <ul class="chosen" aria-label={t("files.list")}>
          {files.files.value.map((chosen) => (
            <ChosenRow key={chosen.id} chosen={chosen} files={files} disabled={disabled} />
          ))}
        </ul>
      )}
      {files.rejected.value.map((file) => (
        <ErrorLine key={file.name}>{rejection(file, files, t, locale.value)}</ErrorLine>
      ))}
    </>
  );
}

interface RowProps {
  readonly chosen: ChosenFile;
  readonly files: Files;
  readonly disabled: boolean;
}

function ChosenRow({ chosen: { id, file, state }, files, disabled }: RowProps) {
  const t = useT();
  const { i18n, pictures } = useUi();
  const locale = i18n.locale.value;
  const [noTools, setNoTools] = useState(false);
  const { name } = file;
  const [undrawn, setUndrawn] = useState<File>();
  const isUnreadable = state.status === "failed" && state.code === "unreadable";
  // A picture that this browser can't decode is treated as any other file: no preview, no editor.
  const isPicture = file.type.startsWith("image/") && undrawn !== file && !isUnreadable;

  function mark() {
    pictures.edit(file).then(
      (marked) => marked && marked !== file && files.replace(id, marked),
      () => setNoTools(true),
    );
  }

  return (
    <li>
      {isPicture ? (
        <Thumbnail blob={file} label={name} onFailed={() => setUndrawn(file)} />
      ) : (
        <Icon name={state.status === "done" ? "check" : "file"} />
      )}
      <span class="chosen-name" dir="auto">
        {name}
      </span>
      {state.status === "uploading" ? (
        <progress
          value={state.progress}
          max={1}
          aria-label={t("files.uploading", {
            name,
            percent: new Intl.NumberFormat(locale, { style: "percent" }).format(state.progress),
          })}
        />
      ) : (
        <span class="meta">{fileSize(file.size, locale)}</span>
      )}
      {isPicture && <RowButton icon="pen" label={t("files.mark", { name })} disabled={disabled} onClick={mark} />}
      {state.status === "failed" && !isUnreadable && (
        <RowButton icon="retry" label={t("files.retry", { name })} onClick={() => files.retry(id)} />
      )}
      <RowButton
        icon="close"
        label={t("files.remove", { name })}
        disabled={disabled}
        onClick={() => files.remove(id)}
      />
      {noTools && <ErrorLine>{t("files.toolsFailed")}</ErrorLine>}
      {state.status === "failed" && (
        <ErrorLine>
          {state.code === "unreadable"
            ? t("files.unreadable", { name })
            : `${t("files.failed", { name })} ${t(`errors.${state.code}`)}`}
        </ErrorLine>
      )}
    </li>
  );
}

interface RowButtonProps {
  readonly icon: "pen" | "retry" | "close";
  readonly label: string;
  readonly disabled?: boolean;
  onClick(): void;
}

function RowButton({ icon, label, disabled, onClick }: RowButtonProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={18} />
    </button>
  );
}

function rejection({ name, reason }: RejectedFile, files: Files, t: ReturnType<typeof useT>, locale: string): string {
  const { maxBytes = 0, maxFiles = 0 } = files.limits.value;
  if (reason === "too-large") return t("files.tooLarge", { name, size: fileSize(maxBytes, locale) });
  if (reason === "too-many") return t("files.tooMany", { name, count: maxFiles });
  return t(reason === "empty" ? "files.empty" : "files.type", { name });
}
