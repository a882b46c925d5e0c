import MailComposer from "nodemailer/lib/mail-composer";
import type { Member } from "../../core/contract/adapter.ts";
import { domainOf } from "./addresses.ts";
import { withoutStates } from "./states.ts";
import type { MailStatuses, Settings } from "./options.ts";
import { recordHeader, writeRecord, type SentRecord } from "./record.ts";
import { sentKey } from "./entry.ts";
import type { Seal } from "./seal.ts";
import type { Thread } from "./thread.ts";

/** A mail as it is sent, and as its copy is stored. */
export interface Outgoing {
  readonly messageId: string;
  /** The thread's own address. */
  readonly sender: string;
  readonly envelope: { readonly from: string; readonly to: string };
  readonly sent: Buffer;
  readonly kept: Buffer;
}

export interface Draft {
  readonly record: SentRecord;
  readonly member: Member;
  /** The member's text, and the part below it for agents. */
  readonly text: string;
  readonly below: readonly string[];
  readonly files: readonly File[];
  /** The mail that it continues; absent for a new ticket. */
  readonly thread?: Thread;
}

/**
 * The maximum of RFC 5322, minus what encoding adds: a desk truncates a longer subject, and with it the ticket's
 * number.
 */
const TITLE_SHOWN = 200;
const REFERENCES_MOST = 10;
/** Automatic mails: no program answers them, and their bounces do not come back. */
const automatic: readonly SentRecord["kind"][] = ["status", "rating"];

export async function compose(draft: Draft, { address, desk, statuses }: Settings, seal: Seal): Promise<Outgoing> {
  const { record, member, thread } = draft;
  const token = seal.token(record.thread);
  const from = address.replace("*", token);
  const messageId = `<${token}.${sentKey(record)}@${domainOf(address)}>`;
  const isAutomatic = automatic.includes(record.kind);
  const files = await Promise.all(
    draft.files.map(async (file) => ({
      filename: file.name,
      contentType: file.type || "application/octet-stream",
      // Files are sent unchanged, including mails.
      contentTransferEncoding: "base64",
      contentDisposition: "attachment",
      content: Buffer.from(await file.arrayBuffer()),
    })),
  );
  const sent = await new MailComposer({
    from: { name: nameFor(member), address: from },
    replyTo: from,
    to: desk,
    subject: subjectFor(draft, statuses, seal),
    messageId,
    date: new Date(record.at),
    ...(thread ? threading(thread) : {}),
    headers: {
      "X-Podpora-Number": record.thread.toUpperCase(),
      "X-Podpora-Kind": record.kind,
      ...(record.status === undefined ? {} : { "X-Podpora-Status": record.status }),
      ...(record.score === undefined ? {} : { "X-Podpora-Rating": String(record.score) }),
      ...(isAutomatic ? { "Auto-Submitted": "auto-generated" } : {}),
    },
    text: [draft.text, ...(draft.below.length > 0 ? ["", "-- ", ...draft.below] : [])].join("\n"),
    encoding: "quoted-printable",
    attachments: files,
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  const header = `${recordHeader}: ${writeRecord(record, seal).replaceAll(" ", "\r\n ")}\r\n`;
  return {
    messageId,
    sender: from,
    envelope: { from: isAutomatic ? "" : from, to: desk },
    sent,
    kept: Buffer.concat([Buffer.from(header), sent]),
  };
}

/** A desk finds its own ticket by the text that it added to its subject, or by the mail that is answered. */
function threading({ steps }: Thread) {
  const ids = steps.map(({ entry }) => entry.messageId).filter((id) => id !== "");
  const last = ids.at(-1);
  const references = [...new Set([...ids.slice(0, 1), ...ids.slice(-REFERENCES_MOST)])];
  return { ...(last === undefined ? {} : { inReplyTo: last }), references };
}

function subjectFor({ record, thread }: Draft, statuses: MailStatuses, seal: Seal): string {
  const tag = seal.tag(record.thread);
  const said = thread?.steps.findLast(({ by }) => by !== "member")?.entry.subject ?? thread?.head.title ?? record.title;
  const bare = withoutStates((said ?? "").replaceAll(tag, ""), statuses).replace(/^(?:\s*(?:re|aw|odg|sv)\s*:)+/i, "");
  const shown = Array.from(bare.trim()).slice(0, TITLE_SHOWN).join("");
  return `${thread ? "Re: " : ""}${shown} ${tag}`;
}

function nameFor({ name = "" }: Member): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim() || "Podpora";
}
