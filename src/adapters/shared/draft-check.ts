import type { MessageDraft, TicketDraft } from "../../core/contract/adapter.ts";
import { invalid } from "./invalid.ts";

/** Rejects with `invalid`, naming each field that is wrong. `titleMost` is in characters, as desks count them. */
export function checkTicketDraft({ title, text, clientId }: TicketDraft, titleMost: number): void {
  check({
    title: faultOf(title) ?? titleFault(title, titleMost),
    text: faultOf(text),
    clientId: clientIdFault(clientId),
  });
}

export function checkMessageDraft({ text, attachments = [], clientId }: MessageDraft): void {
  check({
    text: attachments.length > 0 && text.trim() === "" ? undefined : faultOf(text),
    clientId: clientIdFault(clientId),
  });
}

/** Half a pair of surrogates, or a NUL, makes some desks fail again and again. */
function faultOf(text: string): string | undefined {
  if (text.trim() === "") return "must not be empty";
  return /[\0\p{Cs}]/u.test(text) ? "must not have NUL or half a character in it" : undefined;
}

/** It becomes the subject of mails: with a line more, a desk cuts it, or takes that for something else. */
function titleFault(title: string, most: number): string | undefined {
  if (/[\r\n]/.test(title)) return "must be one line";
  return Array.from(title).length > most ? `must not have more than ${most} characters` : undefined;
}

/** It becomes part of a search at the desk, where some characters are operators. */
function clientIdFault(clientId: string): string | undefined {
  return /^[\w-]{1,64}$/.test(clientId) ? undefined : "must be a UUID";
}

function check(faults: Readonly<Record<string, string | undefined>>): void {
  const wrong = Object.entries(faults).flatMap(([field, fault]) => (fault === undefined ? [] : [[field, fault]]));
  if (wrong.length > 0) throw invalid(Object.fromEntries(wrong));
}
