import {
  AdapterError,
  bytesFromBase64,
  cleanFileName,
  createHeldUploads,
  limits,
  type CallContext,
  type DraftFile,
} from "../../adapter/index.ts";
import { attachmentsOf, isFile } from "./bodies.ts";
import type { Desk, Uploads } from "./desk.ts";
import { wholeAttachment } from "./schemas.ts";

/** How much longer a file is in base64 with line breaks, which JSON writes with two characters. */
const BASE64 = 1.4;

export function createUploads(desk: Desk): Uploads {
  const { files, maxFileBytes: maxBytes } = desk.settings;
  if (files === undefined) return undefined;
  const owner = async (ctx: CallContext) => (await desk.people.requester(ctx)).email;
  return createHeldUploads({ files, maxBytes, maxFiles: 10, owner, download: (id, ctx) => download(desk, id, ctx) });
}

/** A file of the conversation, if the caller may see its ticket; never one of an internal comment. */
async function download(desk: Desk, id: string, ctx: CallContext): Promise<File> {
  const absent = new AdapterError("not-found", `there is no file "${id}"`);
  const { signal } = ctx;
  const [, ticketId, attachmentId] = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/.exec(id) ?? [];
  if (ticketId === undefined || attachmentId === undefined) throw absent;
  const ticket = await desk.ticket(ticketId, await desk.people.requester(ctx), signal);
  const found = (await attachmentsOf(desk, "id", [attachmentId], signal)).find((row) => row.id === attachmentId);
  if (found === undefined) throw absent;
  const where = `id = ${found.TransactionId} AND TicketId = ${ticket.id} AND (Type = 'Create' OR Type = 'Correspond')`;
  const [transaction] = await desk.transactions({ where, limit: 1 }, signal);
  if (transaction?.ObjectId !== ticket.id) throw absent;
  const most = Math.max(desk.settings.maxFileBytes, limits.FILE_BYTES);
  if (found.ContentLength > most) throw new AdapterError("too-large", `the file "${id}" has more than ${most} bytes`);
  const call = { path: `/attachment/${attachmentId}`, maxBytes: most * BASE64 + limits.REFUSAL_BYTES };
  const pieces = await bytesFromBase64((await desk.client.json(call, wholeAttachment, signal)).Content);
  if (pieces === undefined)
    throw new AdapterError("unknown", `Request Tracker returned the file "${id}" without base64`);
  return new File([...pieces], cleanFileName(found.Filename), { type: found.ContentType });
}

/** As JSON, or with files as a form: in JSON, RT fails on file names that are not Latin-1. */
export async function bodyOf(json: object, files: readonly DraftFile[]) {
  if (files.length === 0) return { json };
  const form = new FormData();
  form.set("JSON", JSON.stringify(json));
  for (const { file } of files) {
    // oxlint-disable-next-line no-await-in-loop -- one large file in memory is enough
    form.append("Attachments", new File([file], sentName(file), { type: await safeType(file) }));
  }
  return { body: form };
}

/** Rejects with `too-large` if RT has replaced a file. */
export async function requireFiles(
  desk: Desk,
  transactionId: string,
  files: readonly DraftFile[],
  signal: AbortSignal,
) {
  if (files.length === 0) return;
  const stored = (await attachmentsOf(desk, "TransactionId", [transactionId], signal)).filter((row) => isFile(row));
  // A dropped file keeps its length in its headers, but gets another name; a truncated one keeps its name.
  const lost = files.find(({ file }, index) => {
    return stored[index]?.ContentLength !== file.size || stored[index]?.Filename !== sentName(file);
  });
  if (lost === undefined) return;
  const fault = `Request Tracker did not store "${lost.file.name}" unchanged: set maxFileBytes to its MaxAttachmentSize`;
  throw new AdapterError("too-large", fault);
}

/** A form encodes a quotation mark as %22, which RT takes as part of the name. */
function sentName({ name }: File): string {
  return name.replaceAll('"', "'");
}

/** RT converts text that is not UTF-8, and splits mails: as plain bytes they stay unchanged. */
async function safeType(file: File): Promise<string> {
  if (file.type === "" || /^(?:message|multipart)\//i.test(file.type)) return "application/octet-stream";
  if (!file.type.startsWith("text/")) return file.type;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    // Any other declared charset would be wrong here, and RT would convert to it.
    return file.type.replace(/;.*$/s, "");
  } catch {
    return "application/octet-stream";
  }
}
