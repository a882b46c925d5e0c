import type { Attachment } from "../../src/core/contract/adapter.ts";
import { sizeText } from "./AttachmentView.tsx";
import { useDesk } from "./context.ts";

interface Props {
  readonly draftId: string;
  readonly uploading: readonly string[];
  /** Inserts the picture at the cursor. */
  readonly onInsert: (picture: Attachment) => void;
}

/** The files of the next message. */
export function DraftFiles({ draftId, onInsert, uploading }: Props) {
  const { drafts } = useDesk();
  const files = drafts.files(draftId);
  if (files.length === 0 && uploading.length === 0) return null;
  return (
    <ul class="draft-files" aria-label="Attached files">
      {files.map((file) => (
        <li key={file.id}>
          <span class="attachment-name">{file.name}</span> <span class="meta">{sizeText(file.bytes)}</span>
          {file.type.startsWith("image/") && (
            <button type="button" class="quiet" onClick={() => onInsert(file)}>
              Show in the text<span class="visually-hidden"> {file.name}</span>
            </button>
          )}
          <button type="button" class="quiet" onClick={() => drafts.detach(draftId, file.id)}>
            Remove<span class="visually-hidden"> {file.name}</span>
          </button>
        </li>
      ))}
      {uploading.map((name, index) => (
        <li key={index} class="meta">
          {name} is on its way…
        </li>
      ))}
    </ul>
  );
}
