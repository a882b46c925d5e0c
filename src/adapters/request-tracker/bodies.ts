import type { Attachment } from "../../core/contract/adapter.ts";
import { cleanFileName } from "../../core/contract/file-name.ts";
import { parseMarkup } from "../../core/contract/markup.ts";
import { plainText } from "../../core/contract/plain-text.ts";
import { markupFromHtml } from "../shared/html-to-markup.ts";
import { markupFromText } from "../shared/text-to-markup.ts";
import { pathOf, type Desk } from "./desk.ts";
import { attachment as attachmentSchema, content as contentSchema, listOf, type RtAttachment } from "./schemas.ts";

/** What stands in one transaction: RT keeps both its words and its files as attachments. */
export interface Body {
  /** In the small Markdown subset. */
  readonly markup: string;
  /** The same as plain text. */
  readonly words: string;
  readonly attachments: readonly Attachment[];
}

interface Condition {
  readonly field: string;
  readonly operator: "=";
  readonly value: string;
  readonly entry_aggregator?: "OR";
}

const PAGE = 100;
/** Of words in one call: in JSON they may take twice as much, and a little more. */
const CALL_BYTES = 4 * 1024 * 1024;
const contentIdHeader = /^Content-ID:\s*<([^>]+)>/im;

/** The words and files of these transactions of one ticket, in two calls for most. */
export async function bodiesOf(
  desk: Desk,
  ticketId: string,
  transactionIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Body>> {
  if (transactionIds.length === 0) return new Map();
  const rows = await attachmentsOf(desk, transactionIds, signal);
  const parts = new Map(transactionIds.map((id) => [id, rows.filter((row) => row.TransactionId === id)]));
  const texts = await contents(
    desk,
    [...parts.values()].flatMap((each) => textPart(each) ?? []),
    signal,
  );
  return new Map(
    Array.from(parts, ([id, each]) => {
      const words = textPart(each);
      const files = each.filter((row) => isFile(row));
      const text = words === undefined ? "" : (texts.get(words.id) ?? "");
      const attachments = files.map((row) => asAttachment(ticketId, row));
      if (!isHtml(words)) return [id, { markup: markupFromText(text), words: text, attachments }];
      const markup = markupFromHtml(text, picturesOf(ticketId, files));
      return [id, { markup, words: plainText(parseMarkup(markup)), attachments }];
    }),
  );
}

const outline = ["fields", "TransactionId,Filename,ContentType,ContentLength,Headers"] as const;

/** Without its content. */
export async function attachmentOf(desk: Desk, id: string, signal: AbortSignal): Promise<RtAttachment | undefined> {
  const call = { method: "POST", path: pathOf("/attachments", [outline]), json: either("id", [id]) } as const;
  const { items } = await desk.client.json(call, listOf(attachmentSchema), signal);
  return items.find((row) => row.id === id);
}

/** Without their contents. */
export async function attachmentsOf(
  desk: Desk,
  transactionIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly RtAttachment[]> {
  const conditions = either("TransactionId", transactionIds);
  const rows: RtAttachment[] = [];
  for (let page = 1; ; page += 1) {
    const path = pathOf("/attachments", [outline, ["orderby", "id"], ["per_page", PAGE], ["page", page]]);
    // oxlint-disable-next-line no-await-in-loop -- RT does not say how many there are
    const found = await desk.client.json({ method: "POST", path, json: conditions }, listOf(attachmentSchema), signal);
    rows.push(...found.items);
    if (found.items.length < PAGE) return rows;
  }
}

/** An attachment's id names its ticket, so that whoever asks for it can be held against that. */
function asAttachment(ticketId: string, row: RtAttachment): Attachment {
  return {
    id: `${ticketId}-${row.id}`,
    name: cleanFileName(row.Filename),
    bytes: row.ContentLength,
    type: row.ContentType || "application/octet-stream",
  };
}

export function isFile(row: RtAttachment): boolean {
  const type = row.ContentType;
  if (row.Filename) return true;
  // A picture pasted into a mail has no name; what holds other parts, and what a mail says in words, is no file.
  return !/^(?:multipart\/|text\/|message\/)/i.test(type) && row.ContentLength > 0;
}

async function contents(
  desk: Desk,
  parts: readonly RtAttachment[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const path = pathOf("/attachments", [
    ["fields", "Content"],
    ["per_page", PAGE],
  ]);
  for (const some of inCalls(parts)) {
    const json = either(
      "id",
      some.map(({ id }) => id),
    );
    // oxlint-disable-next-line no-await-in-loop -- one call for most
    const { items } = await desk.client.json({ method: "POST", path, json }, listOf(contentSchema), signal);
    for (const { id, Content } of items) found.set(id, Content);
  }
  return found;
}

/** As many as one answer may hold. */
function inCalls(parts: readonly RtAttachment[]): readonly (readonly RtAttachment[])[] {
  const calls: RtAttachment[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    bytes += part.ContentLength;
    if (bytes > CALL_BYTES || calls.at(-1)?.length === PAGE) {
      calls.push([]);
      bytes = part.ContentLength;
    }
    calls.at(-1)?.push(part);
  }
  return calls;
}

/** As RT itself shows it: HTML where a mail has both. */
function textPart(parts: readonly RtAttachment[]): RtAttachment | undefined {
  const words = parts.filter((part) => !part.Filename && /^text\/(?:plain|html)$/i.test(part.ContentType));
  return words.find((part) => isHtml(part)) ?? words[0];
}

function isHtml(part: RtAttachment | undefined): boolean {
  return part?.ContentType?.toLowerCase() === "text/html";
}

function picturesOf(ticketId: string, files: readonly RtAttachment[]): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((row) => {
      const [, contentId] = contentIdHeader.exec(row.Headers) ?? [];
      return contentId === undefined ? [] : [[`cid:${contentId}`, `${ticketId}-${row.id}`] as const];
    }),
  );
}

function either(field: string, ids: readonly string[]): readonly Condition[] {
  return ids.map((value) => ({ field, operator: "=", value, entry_aggregator: "OR" }));
}
