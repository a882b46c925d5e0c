import { useContext, useEffect, useState } from "preact/hooks";
import type { Attachment } from "../../core/contract/adapter.ts";
import { useT, useUi } from "../context.ts";
import { Icon } from "./Icon.tsx";
import { Gallery } from "./gallery.ts";
import { Thumbnail } from "./Thumbnail.tsx";
import { fileSize } from "./file-size.ts";

interface AttachmentProps {
  readonly attachment: Attachment;
  /** The sender's description of the picture. */
  readonly alt?: string;
}

/**
 * A picture as a thumbnail that opens large; any other file as a row with a download. Fetched with the member's token.
 */
export function AttachmentView({ attachment, alt }: AttachmentProps) {
  const t = useT();
  const { widget, i18n } = useUi();
  const show = useContext(Gallery);
  const [blob, setBlob] = useState<Blob>();
  const [isPicture, setIsPicture] = useState(attachment.type.startsWith("image/"));

  useEffect(() => {
    let gone = false;
    if (isPicture) {
      widget.download(attachment.id).then(
        (fetched) => gone || (fetched ? setBlob(fetched) : setIsPicture(false)),
        () => gone || setIsPicture(false),
      );
    }
    return () => void (gone = true);
  }, [attachment.id]);

  async function save() {
    const bytes = await widget.download(attachment.id).catch(() => undefined);
    if (!bytes) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(bytes);
    link.download = attachment.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  const { name } = attachment;
  if (isPicture) {
    return (
      <button
        type="button"
        class="thumbnail"
        aria-label={t("files.show", { name: alt || name })}
        onClick={() => show(attachment)}
      >
        <Thumbnail blob={blob} label={alt || name} onFailed={() => setIsPicture(false)} />
      </button>
    );
  }
  const size = fileSize(attachment.bytes, i18n.locale.value);
  return (
    <button
      type="button"
      class="file"
      aria-label={`${t("files.download", { name })} ${size}`}
      onClick={() => void save()}
    >
      <Icon name="file" />
      <span class="chosen-name" dir="auto">
        {name}
      </span>{" "}
      <span class="meta">{size}</span>
    </button>
  );
}
