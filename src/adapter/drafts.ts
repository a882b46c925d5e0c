import { AdapterError } from "../core/contract/errors.ts";
import type { MessageDraft, TicketDraft, TicketContext, Rating, TicketStatus } from "../core/contract/adapter.ts";

/** A refusal with the fault of each field, such as `{ title: "must not be empty" }`. */
export function invalid(fields: Readonly<Record<string, string>>, cause?: unknown): AdapterError {
  const said = Object.entries(fields).map(([field, fault]) => `${field} ${fault}`);
  return new AdapterError("invalid", `not accepted: ${said.join(", ")}`, { cause, fields });
}

/** Rejects with `invalid`, naming each invalid field. `titleMost` is in characters, as desks count them. */
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

/** Half a surrogate pair, or a NUL, makes some desks fail permanently. */
function faultOf(text: string): string | undefined {
  if (text.trim() === "") return "must not be empty";
  return /[\0\p{Cs}]/u.test(text) ? "must not contain NUL or half a character" : undefined;
}

/** The title becomes the subject of mails: with a second line, a desk truncates it or misreads it. */
function titleFault(title: string, most: number): string | undefined {
  if (/[\r\n]/.test(title)) return "must be one line";
  return Array.from(title).length > most ? `must not have more than ${most} characters` : undefined;
}

/** The id becomes part of a search at the desk, where some characters are operators. */
function clientIdFault(clientId: string): string | undefined {
  return /^[\w-]{1,64}$/.test(clientId) ? undefined : "must be a UUID";
}

function check(faults: Readonly<Record<string, string | undefined>>): void {
  const wrong = Object.entries(faults).flatMap(([field, fault]) => (fault === undefined ? [] : [[field, fault]]));
  if (wrong.length > 0) throw invalid(Object.fromEntries(wrong));
}

/** For agents: each part on a line of its own, such as "Page: https://example.org/". Empty if there is no context. */
export function contextLines(context: TicketContext = {}): readonly string[] {
  const { page, browser, screen, language, appVersion, errors = [], attributes = [] } = context;
  const parts: readonly (readonly [label: string, value: string | undefined])[] = [
    ["Page", page],
    ["Browser", browser],
    ["Screen", screen],
    ["Languages", language],
    ["App version", appVersion],
    ...errors.map((error) => ["Error", error] as const),
  ];
  const known = parts.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${oneLine(value)}`]));
  // The page chose the name: it comes after a fixed label, so that it can't pass for another line.
  return [...known, ...attributes.map(({ name, value }) => `Set by the page: ${oneLine(name)} = ${oneLine(value)}`)];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\v\f\u0085\u2028\u2029]+\s*/g, " ");
}

/** Rejects with `invalid` for an invalid score, and for a ticket that is not resolved. */
export function checkRating({ score }: Rating, status: TicketStatus): void {
  if (!isScore(score)) throw invalid({ score: "must be from 1 to 5" });
  if (status !== "resolved") throw invalid({ status: "must be resolved" });
}

/** Reads the desk's fields, where agents may write anything. */
export function ratingOf(score: string | undefined, comment: string | undefined): Rating | undefined {
  const given = Number(score);
  if (!isScore(given)) return undefined;
  return { score: given, ...(comment === undefined ? {} : { comment }) };
}

function isScore(score: number): score is Rating["score"] {
  return Number.isInteger(score) && score >= 1 && score <= 5;
}
