import type { Attachment, Member, UploadLimits, UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { acceptedType } from "../../core/contract/file-types.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import type { Desk, FileEntry } from "./desk.ts";
import { owned } from "./desk.ts";

export function createUploads(desk: Desk, limits: UploadLimits): Required<UploadsApi> {
  return {
    limits,

    async upload(file, ctx) {
      const member = desk.asker(ctx);
      check(file, limits);
      const id = crypto.randomUUID();
      // Copied: a file on disk may change or disappear after it was chosen.
      const copy = new File([await file.arrayBuffer()], cleanFileName(file.name), { type: file.type });
      ctx.signal.throwIfAborted();
      const entry: FileEntry = { file: copy, memberId: member.id, linked: false };
      desk.files.set(id, entry);
      ctx.onProgress?.(1);
      return attachmentOf(id, entry);
    },

    async download(attachmentId, ctx) {
      return owned(desk.files, attachmentId, desk.asker(ctx)).file;
    },
  };
}

/** Attaches the member's own files to their message, each once. Rejects with `invalid` before it changes anything. */
export function linkFiles(
  desk: Desk,
  member: Member,
  ids: readonly string[] | undefined,
  maxFiles: number,
): readonly Attachment[] {
  const wanted = [...new Set(ids)];
  if (wanted.length > maxFiles) throw refused(`more than ${maxFiles} files`);
  const entries = wanted.map((id) => {
    const entry = desk.files.get(id);
    if (entry === undefined || entry.memberId !== member.id || entry.linked) throw refused(`there is no file "${id}"`);
    return [id, entry] as const;
  });
  return entries.map(([id, entry]) => {
    entry.linked = true;
    return attachmentOf(id, entry);
  });
}

function attachmentOf(id: string, { file }: FileEntry): Attachment {
  return { id, name: file.name, bytes: file.size, type: file.type };
}

function refused(message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { attachments: message } });
}

function check(file: File, { maxBytes, accept }: UploadLimits): void {
  if (maxBytes !== undefined && file.size > maxBytes) {
    throw new AdapterError("too-large", `"${file.name}" has ${file.size} bytes, the limit is ${maxBytes}`);
  }
  if (file.size === 0) throw new AdapterError("invalid", `"${file.name}" is empty`, { fields: { file: "is empty" } });
  if (acceptedType(file, accept) === undefined)
    throw new AdapterError("invalid", `the desk accepts no files of type "${file.type}"`);
}
