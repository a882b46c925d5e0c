import type { UploadsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import { bytesFromBase64 } from "../shared/base64.ts";
import { limits } from "../shared/desk-limits.ts";
import { checkFile } from "../shared/file-check.ts";
import type { HeldFiles } from "../shared/held-files.ts";
import type { Asker, Desk } from "./desk.ts";
import { attachmentOf } from "./bodies.ts";
import { MAX_FILES } from "./drafts.ts";
import { wholeAttachment } from "./schemas.ts";
import { transactionsOf } from "./transactions.ts";

/** How much longer a file is in base64, in lines, which JSON writes with two characters. */
const BASE64 = 1.4;

export function createUploads(desk: Desk, files: HeldFiles): Required<UploadsApi> {
  const { maxFileBytes } = desk.settings;
  return {
    limits: { maxBytes: maxFileBytes, maxFiles: MAX_FILES },

    async upload(file, ctx) {
      const asker = await desk.asker(ctx);
      checkFile(file, maxFileBytes);
      const clean = new File([file], cleanFileName(file.name), { type: file.type });
      const held = await files.hold(clean, asker.email, ctx.clientId, ctx.signal);
      ctx.onProgress?.(1);
      return held;
    },

    async download(attachmentId, ctx) {
      const asker = await desk.asker(ctx);
      const held = await files.find(attachmentId, asker.email);
      return held ?? (await attached(desk, asker, attachmentId, ctx.signal));
    },
  };
}

/** A file of the conversation, for who may see its ticket; never one of an internal comment. */
async function attached(desk: Desk, asker: Asker, id: string, signal: AbortSignal): Promise<File> {
  const absent = new AdapterError("not-found", `there is no file "${id}"`);
  const [, ticketId, attachmentId] = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/.exec(id) ?? [];
  if (ticketId === undefined || attachmentId === undefined) throw absent;
  const ticket = await desk.ticket(ticketId, asker, signal);
  const found = await attachmentOf(desk, attachmentId, signal);
  if (found === undefined) throw absent;
  const where = `id = ${found.TransactionId} AND TicketId = ${ticket.id} AND (Type = 'Create' OR Type = 'Correspond')`;
  const [transaction] = await transactionsOf(desk, { where, limit: 1 }, signal);
  if (transaction?.ObjectId !== ticket.id) throw absent;
  const most = Math.max(desk.settings.maxFileBytes, limits.FILE_BYTES);
  if (found.ContentLength > most) throw new AdapterError("too-large", `the file "${id}" has more than ${most} bytes`);
  const call = { path: `/attachment/${attachmentId}`, maxBytes: most * BASE64 + limits.REFUSAL_BYTES };
  const { Content } = await desk.client.json(call, wholeAttachment, signal);
  const pieces = await bytesFromBase64(Content);
  if (pieces === undefined) throw new AdapterError("unknown", `Request Tracker gave the file "${id}" not in base64`);
  return new File([...pieces], cleanFileName(found.Filename), { type: found.ContentType });
}
