import type { UploadsApi } from "../../core/adapter.ts";
import { AdapterError } from "../../core/errors.ts";
import { cleanFileName } from "../../core/file-name.ts";
import type { HeldFiles } from "../shared/held-files.ts";
import type { Asker, Desk } from "./desk.ts";
import { MAX_FILES } from "./drafts.ts";
import { wholeAttachment } from "./schemas.ts";
import { transactionsOf } from "./transactions.ts";

/** Files that a screen still knows by the id of their upload, and that stand in RT by now. */
export interface MovedFiles {
  note(files: ReadonlyMap<string, string>): void;
  find(uploadId: string): string | undefined;
}

const NOTED = 1000;

export function createMovedFiles(): MovedFiles {
  const noted = new Map<string, string>();
  return {
    note(files) {
      for (const [uploadId, attachmentId] of files) noted.set(uploadId, attachmentId);
      for (const oldest of noted.keys()) {
        if (noted.size <= NOTED) break;
        noted.delete(oldest);
      }
    },
    find: (uploadId) => noted.get(uploadId),
  };
}

export function createUploads(desk: Desk, files: HeldFiles, moved: MovedFiles): Required<UploadsApi> {
  const { maxFileBytes } = desk.settings;
  return {
    limits: { maxBytes: maxFileBytes, maxFiles: MAX_FILES },

    async upload(file, ctx) {
      const asker = await desk.asker(ctx);
      if (file.size > maxFileBytes) {
        throw new AdapterError("too-large", `"${file.name}" has ${file.size} bytes, the limit is ${maxFileBytes}`);
      }
      if (file.size === 0)
        throw new AdapterError("invalid", `"${file.name}" is empty`, { fields: { file: "is empty" } });
      const clean = new File([file], cleanFileName(file.name), { type: file.type });
      const held = await files.hold(clean, asker.email, ctx.clientId, ctx.signal);
      ctx.onProgress?.(1);
      return held;
    },

    async download(attachmentId, ctx) {
      const asker = await desk.asker(ctx);
      const held = await files.find(attachmentId, asker.email);
      return held ?? (await attached(desk, asker, moved.find(attachmentId) ?? attachmentId, ctx.signal));
    },
  };
}

/** A file of the conversation, for who may see its ticket; never one of an internal comment. */
async function attached(desk: Desk, asker: Asker, id: string, signal: AbortSignal): Promise<File> {
  const absent = new AdapterError("not-found", `there is no file "${id}"`);
  const [, ticketId, attachmentId] = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/.exec(id) ?? [];
  if (ticketId === undefined || attachmentId === undefined) throw absent;
  const ticket = await desk.ticket(ticketId, asker, signal);
  // RT answers with 500 to an attachment that is not there.
  const found = await desk.client
    .json({ path: `/attachment/${attachmentId}` }, wholeAttachment, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw new AdapterError("not-found", absent.message, { cause: error });
    });
  const where = `id = ${found.TransactionId.id} AND TicketId = ${ticket.id} AND (Type = 'Create' OR Type = 'Correspond')`;
  const [transaction] = await transactionsOf(desk, { where, limit: 1 }, signal);
  if (transaction?.ObjectId !== ticket.id) throw absent;
  const bytes = Uint8Array.from(atob(found.Content), (each) => each.charCodeAt(0));
  return new File([bytes], cleanFileName(found.Filename), { type: found.ContentType });
}
