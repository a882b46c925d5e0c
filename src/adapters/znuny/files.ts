import {
  AdapterError,
  bytesFromBase64,
  cleanFileName,
  createHeldUploads,
  isAdapterError,
  limits,
  type Attachment,
  type CallContext,
  type DraftFile,
  type Message,
} from "../../adapter/index.ts";
import { notFound, type Desk, type Uploads } from "./desk.ts";
import { requester } from "./people.ts";
import * as schemas from "./schemas.ts";
import type { RawTicket } from "./schemas.ts";
import { ownTicket } from "./ticket.ts";

/** The growth of a file in base64. */
const BASE64 = 4 / 3;
const ARTICLE_BYTES = 4096;
/** A multiple of three, so that base64 has no padding in between, and few enough arguments for one call. */
const STEP = 3 * 8192;

export function createUploads(desk: Desk): Uploads {
  const { files, maxFileBytes: maxBytes, maxFiles } = desk.settings;
  if (files === undefined) return undefined;
  const owner = async (ctx: CallContext) => requester(ctx, desk.settings).login;
  return createHeldUploads({ files, maxBytes, maxFiles, owner, download: (id, ctx) => download(desk, id, ctx) });
}

/** Reads a file of an article that the member may see. */
async function download(desk: Desk, id: string, ctx: CallContext): Promise<File> {
  const [, ticketId = "", articleId, fileId] = /^(\d{1,15})-(\d{1,15})-(\d{1,4})$/.exec(id) ?? [];
  const { raw, steps } = await ownTicket(desk, ticketId, ctx).catch((error: unknown) => {
    throw isAdapterError(error) && error.code === "not-found" ? notFound(`file "${id}"`) : error;
  });
  const shown = steps.flatMap(({ message }) => message.attachments ?? []).find((file) => file.id === id);
  if (shown === undefined) throw notFound(`file "${id}"`);
  const most = Math.max(desk.settings.maxFileBytes, limits.FILE_BYTES);
  const { bytes, how } = smallestReadOf(raw.Article, articleId);
  if (shown.bytes > most || bytes > 2 * most) {
    throw new AdapterError(
      "too-large",
      `Znuny can return the file "${id}" only with more than ${most} bytes of others`,
    );
  }
  const data = { TicketID: ticketId, AllArticles: 1, Attachments: 1, ...how };
  const maxBytes = bytes * BASE64 + limits.REFUSAL_BYTES;
  const [ticket] = (await desk.ask("TicketGet", data, schemas.tickets, ctx.signal, maxBytes)).Ticket;
  const article = ticket?.Article.find(({ ArticleID }) => ArticleID === articleId);
  const file = article?.Attachment.find(({ FileID }) => FileID === fileId);
  const pieces = file && article?.IsVisibleForCustomer === "1" ? await bytesFromBase64(file.Content) : undefined;
  if (pieces === undefined) throw new AdapterError("unknown", `Znuny did not return the file "${id}" in base64`);
  return new File([...pieces], shown.name, { type: shown.type });
}

/** Znuny returns a file only with all files of the articles before or after it. Picks the smaller of the two. */
function smallestReadOf(articles: RawTicket["Article"], articleId: string | undefined) {
  const index = articles.findIndex(({ ArticleID }) => ArticleID === articleId);
  const [before, after] = [articles.slice(0, index + 1), articles.slice(index)];
  const [there, back] = [bytesOf(before), bytesOf(after)];
  return there <= back
    ? { bytes: there, how: { ArticleOrder: "ASC", ArticleLimit: before.length } }
    : { bytes: back, how: { ArticleOrder: "DESC", ArticleLimit: after.length } };
}

/** The size of these articles as JSON, files included. */
function bytesOf(articles: RawTicket["Article"]): number {
  const sizes = articles.map(({ Attachment, Body }) => {
    return Attachment.reduce((sum, file) => sum + file.FilesizeRaw, Body.length * 6 + ARTICLE_BYTES);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The files of a draft, as properties of a write. */
export async function encoded(files: readonly DraftFile[]) {
  const all: { Filename: string; ContentType: string; Content: string }[] = [];
  for (const { file } of files) {
    // oxlint-disable-next-line no-await-in-loop -- one large file in memory is enough
    const Content = base64(new Uint8Array(await file.arrayBuffer()));
    all.push({ Filename: cleanFileName(file.name), ContentType: safeType(file.type), Content });
  }
  return all.length === 0 ? {} : { Attachment: all };
}

/** Throws `too-large` if Znuny did not store each file unchanged. It may change their names and their order. */
export function requireFiles(kept: readonly Attachment[] = [], files: readonly DraftFile[]): void {
  const sizes = kept.map(({ bytes }) => bytes).toSorted((left, right) => left - right);
  const wanted = files.map(({ file }) => file.size).toSorted((left, right) => left - right);
  const lost = wanted.findIndex((size, index) => sizes[index] !== size);
  if (lost !== -1) throw new AdapterError("too-large", "Znuny did not store the files unchanged: lower maxFileBytes");
}

/** Gives the files of a new reply the ids of their uploads, which the member's screen uses. */
export function withUploads(message: Message, files: readonly DraftFile[]): Message {
  if (message.attachments === undefined) return message;
  const rest = [...files];
  const attachments = message.attachments.map((each) => {
    const at = rest.findIndex(({ file }) => file.size === each.bytes && cleanFileName(file.name) === each.name);
    const [same] = at === -1 ? [] : rest.splice(at, 1);
    return { ...each, id: same?.id ?? each.id };
  });
  return { ...message, attachments };
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += STEP) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + STEP))));
  }
  return parts.join("");
}

/** Without parameters: Znuny refuses unknown charsets and converts from known ones. */
function safeType(type: string): string {
  return /^\w+\/[\w.+-]+$/.test(type) ? type : "application/octet-stream";
}
