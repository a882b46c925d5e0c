import type { MessageDraft, TicketDraft } from "../../core/adapter.ts";
import { AdapterError } from "../../core/errors.ts";

/** In characters, as Redmine counts them. */
const SUBJECT_LIMIT = 255;

/** Rejects with `invalid`, naming each field that is wrong. */
export function checkTicket(draft: TicketDraft): void {
  const wrong = new Map<string, string>();
  if (draft.title.trim() === "") wrong.set("title", "must not be empty");
  if (Array.from(draft.title).length > SUBJECT_LIMIT) wrong.set("title", `has more than ${SUBJECT_LIMIT} characters`);
  if (draft.text.trim() === "") wrong.set("text", "must not be empty");
  refuse(wrong);
  checkClientId(draft.clientId);
}

export function checkMessage(draft: MessageDraft): void {
  if (draft.text.trim() === "" && !draft.attachments?.length) refuse(new Map([["text", "must not be empty"]]));
  checkClientId(draft.clientId);
}

/** It becomes part of a search at Redmine, where some characters are operators. */
function checkClientId(clientId: string): void {
  if (!/^[\w-]{1,64}$/.test(clientId)) refuse(new Map([["clientId", "must be a UUID"]]));
}

export function refuse(wrong: ReadonlyMap<string, string>, cause?: unknown): void {
  if (wrong.size === 0) return;
  const [[field, fault] = ["", ""]] = wrong;
  throw new AdapterError("invalid", `not accepted: ${field} ${fault}`, { cause, fields: Object.fromEntries(wrong) });
}
