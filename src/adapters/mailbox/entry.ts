import addressparser from "nodemailer/lib/addressparser";
import libmime from "libmime";
import type { TicketStatus } from "../../core/contract/adapter.ts";
import type { MailStatuses } from "./options.ts";
import { readRecord, recordHeader, type SentRecord } from "./record.ts";
import { nameOf, type Seal } from "./seal.ts";
import { stateIn } from "./states.ts";

/** A mail of a thread, from its headers. */
export interface Entry {
  /** Stable when the mail is moved, and unique in its thread. */
  readonly key: string;
  readonly thread: string;
  /**
   * `answer`: written by an agent. `automatic`: by a program. `bounce`: an undelivered mail. The others are the
   * member's.
   */
  readonly kind: SentRecord["kind"] | "answer" | "automatic" | "bounce";
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly messageId: string;
  readonly subject: string;
  /** The Message-IDs that it replies to. */
  readonly answers: readonly string[];
  readonly author: { readonly id: string; readonly name?: string };
  /** The status that the mail names. */
  readonly status?: TicketStatus;
  readonly record?: SentRecord;
}

/** The result of one FETCH. */
export interface Mail {
  readonly headers: Buffer;
  readonly internalDate: Date;
  readonly size: number;
}

const recipients = ["delivered-to", "x-original-to", "envelope-to", "to", "cc", "resent-to", "x-forwarded-to"] as const;

/** The headers that are fetched. */
export function headerNames({ header }: MailStatuses): readonly string[] {
  const read = ["from", "subject", "message-id", "in-reply-to", "references", "content-type", "return-path"];
  const auto = ["auto-submitted", "precedence", "x-autoreply", "x-autorespond"];
  return [...new Set([...recipients, ...read, ...auto, recordHeader.toLowerCase(), header.toLowerCase()])];
}

type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/** The rest of a longer header is not read. */
const HEADERS_BYTES = 64 * 1024;
const SUBJECT_MOST = 500;
const ANSWERS_MOST = 20;
const NAME_MOST = 100;

/** A mail of the folder of sent mails. Undefined if the gateway did not write it. */
export function sentEntry(mail: Mail, seal: Seal): Entry | undefined {
  const headers = headersOf(mail);
  const record = readRecord(first(headers, recordHeader.toLowerCase()), seal);
  if (record === undefined) return undefined;
  return {
    key: sentKey(record),
    thread: record.thread,
    kind: record.kind,
    at: record.at,
    messageId: first(headers, "message-id"),
    subject: subjectOf(headers),
    answers: [],
    author: { id: record.owner },
    ...(record.status === undefined ? {} : { status: record.status }),
    record,
  };
}

/** The same draft gives the same mail. */
export function sentKey({ thread, kind, clientId }: Pick<SentRecord, "thread" | "kind" | "clientId">): string {
  return `m${nameOf(JSON.stringify([thread, kind, clientId]))}`;
}

/**
 * An incoming mail. Undefined if it proves no thread, or is the gateway's own that came back. The proofs: the token in
 * a recipient address, else in a Message-ID that it replies to, else the sealed number in its subject. The sender
 * proves nothing.
 */
export function receivedEntry(mail: Mail, seal: Seal, statuses: MailStatuses): Entry | undefined {
  const headers = headersOf(mail);
  const messageId = first(headers, "message-id");
  // A desk that forwards it may change its Message-ID.
  if (seal.threadOf(`${messageId} ${first(headers, "from")}`) !== undefined) return undefined;
  const answers = [...idsOf(first(headers, "references")), ...idsOf(first(headers, "in-reply-to"))].slice(
    -ANSWERS_MOST,
  );
  const subject = subjectOf(headers);
  const thread =
    seal.threadOf(recipients.flatMap((name) => headers[name] ?? []).join(" ")) ??
    seal.threadOf(answers.join(" ")) ??
    seal.threadOfTag(subject);
  if (thread === undefined) return undefined;
  const said = stateIn(first(headers, statuses.header.toLowerCase()), subject, statuses);
  const [from] = addressparser(first(headers, "from"), { flatten: true });
  const name = nameFrom(from?.name ?? "");
  const address = from?.address?.toLowerCase() ?? "";
  return {
    key: `a${nameOf(messageId || [mail.internalDate.getTime(), mail.size, address, subject].join("\n"))}`,
    thread,
    kind: kindOf(headers),
    // The server has one-second precision: the end of that second, since the mail replies to an earlier one.
    at: Math.floor(mail.internalDate.getTime() / 1000) * 1000 + 999,
    messageId,
    subject,
    answers,
    author: { id: nameOf(address), ...(name === "" ? {} : { name }) },
    ...(said === undefined ? {} : { status: said }),
  };
}

/**
 * https://www.rfc-editor.org/rfc/rfc3834: an automatic mail is not written by an agent, and must not be answered
 * automatically.
 */
function kindOf(headers: Headers): Entry["kind"] {
  const type = first(headers, "content-type").toLowerCase();
  const isReport = type.startsWith("multipart/report") && /report-type\s*=\s*"?delivery-status/.test(type);
  if (isReport || /^\s*<\s*>\s*$/.test(first(headers, "return-path"))) return isReport ? "bounce" : "automatic";
  const submitted = first(headers, "auto-submitted").trim().toLowerCase();
  const isMarked = headers["x-autoreply"] !== undefined || headers["x-autorespond"] !== undefined;
  const isReply = /^auto[_-]?reply$/i.test(first(headers, "precedence").trim());
  return (submitted !== "" && !/^no\b/.test(submitted)) || isMarked || isReply ? "automatic" : "answer";
}

function headersOf({ headers }: Mail): Headers {
  // Older programs write bytes that are not UTF-8: each becomes one character.
  const bytes = headers.subarray(0, HEADERS_BYTES);
  const text = bytes.toString("utf8");
  return libmime.decodeHeaders(text.includes("\uFFFD") ? bytes.toString("latin1") : text, {
    skipPrototypeKeys: true,
  });
}

const first = (headers: Headers, name: string): string => headers[name]?.[0] ?? "";

function subjectOf(headers: Headers): string {
  return oneLine(libmime.decodeWords(first(headers, "subject"))).slice(0, SUBJECT_MOST);
}

function nameFrom(name: string): string {
  return oneLine(libmime.decodeWords(name)).slice(0, NAME_MOST);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim();
}

function idsOf(value: string): readonly string[] {
  return value.slice(-10_000).match(/<[^<>\s]{1,500}>/g) ?? [];
}
