import type { ChatRequest, Member, MessageDraft } from "../../core/contract/adapter.ts";
import { cleanName, disarmed, nickOf } from "./names.ts";
import type { Post } from "./posts.ts";
import type { ChatHead } from "./queue.ts";
import type { FileRecord } from "./records.ts";
import { xml, xmlText } from "./xml.ts";

const MARKERS = "urn:xmpp:chat-markers:0";
/** Characters that cannot be confused when read aloud. */
const LETTERS = "23456789abcdefghjkmnpqrstuvwxyz";
const CODE_LENGTH = 5;

/** The same for the same request, on every copy: a retry creates no second chat. */
export async function chatId(memberId: string, clientId: string): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([memberId, clientId]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return `c${Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function codeOf(id: string): string {
  const bytes = id.slice(1).match(/../g) ?? [];
  return bytes
    .slice(0, CODE_LENGTH)
    .map((byte) => LETTERS[Number.parseInt(byte, 16) % LETTERS.length])
    .join("");
}

export function headOf(id: string, request: ChatRequest, member: Member): ChatHead {
  const code = codeOf(id);
  return {
    id,
    code,
    memberId: member.id,
    name: cleanName(member.name ?? request.name) || `Member ${code}`,
    ticketId: request.ticketId,
    ...(member.guest === true ? { guest: true } : {}),
  };
}

export const questionOf = ({ clientId, question }: ChatRequest): MessageDraft => ({ clientId, text: question });

/** The text is only in the body, unless XML would lose a part of it, or agents must see a changed text. */
export function saidPost(head: ChatHead, { clientId, text }: MessageDraft, files: readonly FileRecord[]): Post {
  const body = disarmed(text === "" ? files.map(({ name }) => name).join(", ") : text);
  const isWhole = text !== "" && xmlText(body) === text;
  return {
    id: clientId,
    body,
    record: { type: "said", clientId, ...(isWhole ? {} : { text }), files },
    children: [
      xml("markable", { xmlns: MARKERS }),
      xml("nick", { xmlns: "http://jabber.org/protocol/nick" }, nickOf(head)),
    ],
  };
}

export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
