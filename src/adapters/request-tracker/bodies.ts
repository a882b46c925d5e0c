import {
  cleanFileName,
  inChunks,
  markupFromHtml,
  markupFromText,
  plainTextOf,
  type Attachment,
} from "../../adapter/index.ts";
import { PAGE, pathOf, type Desk } from "./desk.ts";
import { attachment as attachmentSchema, content as contentSchema, listOf, type RtAttachment } from "./schemas.ts";

/** The content of one transaction: RT stores both its text and its files as attachments. */
export interface Body {
  /** In the Markdown subset. */
  readonly markup: string;
  /** The same as plain text. */
  readonly words: string;
  readonly attachments: readonly Attachment[];
}
export type Bodies = ReadonlyMap<string, Body>;

/** Of text per call: in JSON it may take twice as much, and a little more. */
const CALL_BYTES = 4 * 1024 * 1024;
const outline = ["fields", "TransactionId,Filename,ContentType,ContentLength,Headers"] as const;

/** The text and files of these transactions, usually in two calls. */
export async function bodiesOf(
  desk: Desk,
  transactions: readonly { readonly id: string; readonly ObjectId: string }[],
  signal: AbortSignal,
): Promise<Bodies> {
  if (transactions.length === 0) return new Map();
  const ids = transactions.map(({ id }) => id);
  const rows = await attachmentsOf(desk, "TransactionId", ids, signal);
  const partsOf = (id: string) => rows.filter((row) => row.TransactionId === id);
  const texts = await contentsOf(
    desk,
    ids.flatMap((id) => textPart(partsOf(id)) ?? []),
    signal,
  );
  return new Map(
    transactions.map(({ id, ObjectId }) => {
      const words = textPart(partsOf(id));
      const files = partsOf(id).filter((row) => isFile(row));
      const text = words === undefined ? "" : (texts.get(words.id) ?? "");
      const attachments = files.map((row) => asAttachment(ObjectId, row));
      if (!isHtml(words)) return [id, { markup: markupFromText(text), words: text, attachments }];
      const markup = markupFromHtml(text, picturesOf(ObjectId, files));
      return [id, { markup, words: plainTextOf(markup), attachments }];
    }),
  );
}

/** Without their contents. */
export async function attachmentsOf(
  { client }: Desk,
  field: "id" | "TransactionId",
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly RtAttachment[]> {
  const rows: RtAttachment[] = [];
  for (let page = 1; ; page += 1) {
    const path = pathOf("/attachments", [outline, ["orderby", "id"], ["per_page", PAGE], ["page", page]]);
    const call = { method: "POST", path, json: either(field, ids) } as const;
    // oxlint-disable-next-line no-await-in-loop -- RT does not say how many there are
    const { items } = await client.json(call, listOf(attachmentSchema), signal);
    rows.push(...items);
    if (items.length < PAGE) return rows;
  }
}

export function isFile({ ContentLength, ContentType, Filename }: RtAttachment): boolean {
  // A picture pasted into a mail has no name; multipart containers, and the text of a mail, are not files.
  return Filename !== "" || (!/^(?:multipart\/|text\/|message\/)/i.test(ContentType) && ContentLength > 0);
}

/** An attachment's id contains its ticket, so that access can be checked. */
function asAttachment(ticketId: string, row: RtAttachment): Attachment {
  const type = row.ContentType || "application/octet-stream";
  return { id: `${ticketId}-${row.id}`, name: cleanFileName(row.Filename), bytes: row.ContentLength, type };
}

async function contentsOf({ client }: Desk, parts: readonly RtAttachment[], signal: AbortSignal) {
  const found = new Map<string, string>();
  const path = pathOf("/attachments", [
    ["fields", "Content"],
    ["per_page", PAGE],
  ]);
  for (const some of inChunks(parts, PAGE, { most: CALL_BYTES, of: ({ ContentLength }) => ContentLength })) {
    const json = either(
      "id",
      some.map(({ id }) => id),
    );
    // oxlint-disable-next-line no-await-in-loop -- one call for most
    const { items } = await client.json({ method: "POST", path, json }, listOf(contentSchema), signal);
    for (const { Content, id } of items) found.set(id, Content);
  }
  return found;
}

/** As RT itself shows it: HTML if a mail has both. */
function textPart(parts: readonly RtAttachment[]): RtAttachment | undefined {
  const words = parts.filter((part) => part.Filename === "" && /^text\/(?:plain|html)$/i.test(part.ContentType));
  return words.find((part) => isHtml(part)) ?? words[0];
}

function isHtml(part: RtAttachment | undefined): boolean {
  return part?.ContentType.toLowerCase() === "text/html";
}

function picturesOf(ticketId: string, files: readonly RtAttachment[]): ReadonlyMap<string, string> {
  const named = files.map((row) => [/^Content-ID:\s*<([^>]+)>/im.exec(row.Headers)?.[1], row.id] as const);
  return new Map(named.flatMap(([cid, id]) => (cid === undefined ? [] : [[`cid:${cid}`, `${ticketId}-${id}`]])));
}

function either(field: string, ids: readonly string[]) {
  return ids.map((value) => ({ field, operator: "=", value, entry_aggregator: "OR" }));
}
