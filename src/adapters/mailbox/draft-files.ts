import type { Member, Message } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { fileIds, unknownFile } from "../../adapter/index.ts";
import type { Desk } from "./desk.ts";

export interface DraftFile {
  readonly id: string;
  readonly file: File;
}

/** For all files of one mail: 25 MB in base64, which most mail servers accept. */
const ALL_FILES_BYTES = 18 * 1024 * 1024;

/** The member's own files that were held for a draft. Rejects before anything is written. */
export async function filesFor(
  { settings }: Desk,
  { id: ownerId }: Member,
  ids: readonly string[] | undefined,
): Promise<readonly DraftFile[]> {
  const found = await Promise.all(
    fileIds(ids, settings.maxFiles).map(async (id) => {
      const file = await settings.files?.find(id, ownerId);
      if (file === undefined) throw unknownFile(id);
      return { id, file };
    }),
  );
  const bytes = found.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes <= ALL_FILES_BYTES) return found;
  throw new AdapterError("too-large", `the files have ${bytes} bytes, one mail takes ${ALL_FILES_BYTES}`);
}

/** They are sent. A file that cannot be released now is deleted with the old ones. */
export async function releaseFiles({ settings }: Desk, { id }: Member, files: readonly DraftFile[]): Promise<void> {
  await Promise.allSettled(files.map(async (one) => await settings.files?.release(one.id, id)));
}

/**
 * The member's screen knows the files by the ids of their uploads. So they are not released: for a day, each copy of
 * the gateway finds them by these ids.
 */
export function asSent(message: Message, ids: readonly string[] = []): Message {
  const { attachments = [] } = message;
  const sent = [...new Set(ids)];
  if (attachments.length === 0) return message;
  return { ...message, attachments: attachments.map((each, index) => ({ ...each, id: sent[index] ?? each.id })) };
}
