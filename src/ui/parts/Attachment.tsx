import { useEffect, useState } from "preact/hooks";
import type { Attachment } from "../../core/adapter.ts";
import { useT, useUi } from "../context.ts";
import { Icon } from "./Icon.tsx";
import { fileSize } from "./time.ts";

/** A picture as a thumbnail, any other file as a row; both are fetched with the member's token and saved on a click. */
export function AttachmentView({ attachment }: { readonly attachment: Attachment }) {
  const t = useT();
  const { widget, i18n } = useUi();
  const isPicture = attachment.type.startsWith("image/");
  const [url, setUrl] = useState<string>();

  useEffect(() => {
    let made: string | undefined;
    let gone = false;
    if (isPicture) void widget.download(attachment.id).then(show, () => undefined);
    function show(blob: Blob | undefined) {
      if (gone || !blob) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    }
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [attachment.id]);

  async function save() {
    const blob = await widget.download(attachment.id).catch(() => undefined);
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = attachment.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  const label = t("files.download", { name: attachment.name });
  return (
    <button type="button" class={url ? "thumbnail" : "file"} aria-label={label} onClick={() => void save()}>
      {url ? (
        <img src={url} alt={attachment.name} />
      ) : (
        <>
          <Icon name="file" />
          <span class="chosen-name" dir="auto">
            {attachment.name}
          </span>
          <span class="meta">{fileSize(attachment.bytes, i18n.locale.value)}</span>
        </>
      )}
    </button>
  );
}
