import { AdapterError, isAdapterError } from "../../core/contract/errors.ts";
import { limits } from "../../adapter/index.ts";
import type { Server } from "./server-options.ts";

/** The retry delay after a temporary refusal (greylisting, a full mailbox). */
const LATER_MS = 60_000;

/** The properties of the libraries' errors that are used. */
interface Trouble {
  readonly message: string;
  readonly authenticationFailed?: unknown;
  readonly mailboxMissing?: unknown;
  readonly code?: unknown;
  readonly command?: unknown;
  readonly syscall?: unknown;
  readonly responseCode?: unknown;
  readonly responseStatus?: unknown;
  readonly responseText?: unknown;
  readonly serverResponseCode?: unknown;
}

function troubleOf(cause: unknown): Trouble {
  return cause instanceof Error ? cause : { message: "no answer" };
}

/** Why a call to the IMAP server failed. */
export function imapFault(cause: unknown, { host, port }: Server, isLate: boolean): AdapterError {
  if (isAdapterError(cause)) return cause;
  const where = `the IMAP server ${host}:${port}`;
  const trouble = troubleOf(cause);
  if (trouble.authenticationFailed === true) {
    return new AdapterError("unavailable", `${where} does not accept imap.user and imap.password`, { cause });
  }
  if (isLate || trouble.code === "CONNECT_TIMEOUT" || trouble.code === "GREETING_TIMEOUT") {
    return new AdapterError("timeout", `${where} gave no answer in time`, { cause });
  }
  if (trouble.serverResponseCode === "OVERQUOTA") {
    const text = "the mailbox is full: nothing was sent. Free some space in it";
    return new AdapterError("unavailable", text, { cause, retryAfterMs: LATER_MS });
  }
  if (trouble.serverResponseCode === "APPENDLIMIT" || trouble.serverResponseCode === "TOOBIG") {
    return new AdapterError("too-large", `${where} accepts no mail of this size`, { cause });
  }
  const said = typeof trouble.responseText === "string" ? trouble.responseText : trouble.message;
  const retry = trouble.responseStatus === undefined ? { retryAfterMs: limits.AWAY_MS } : {};
  return new AdapterError("unavailable", `${where}: ${said}`, { cause, ...retry });
}

/** Whether the IMAP server did not answer: no connection, or a broken one. A refusal has a status. */
export function isImapAway(cause: unknown): boolean {
  const { authenticationFailed, responseStatus, serverResponseCode } = troubleOf(cause);
  const said = responseStatus ?? serverResponseCode ?? authenticationFailed;
  return !isAdapterError(cause) && said === undefined && !isMissing(cause);
}

/** The library's message for a missing folder. */
export function isMissing(cause: unknown): boolean {
  const { code, mailboxMissing } = troubleOf(cause);
  return mailboxMissing === true || code === "NotFound";
}

/** The same, as calls of the mailbox reject it. */
export function isMissingFolder(error: unknown): boolean {
  return isAdapterError(error) && isMissing(error.cause);
}

/** Why a mail was not sent. */
export function smtpFault(cause: unknown, { host, port }: Server, isLate: boolean): AdapterError {
  if (isAdapterError(cause)) return cause;
  const where = `the SMTP server ${host}:${port}`;
  const { code, responseCode, message } = troubleOf(cause);
  if (code === "EAUTH") {
    return new AdapterError("unavailable", `${where} does not accept smtp.user and smtp.password`, { cause });
  }
  if (isLate || code === "ETIMEDOUT") return new AdapterError("timeout", `${where} gave no answer in time`, { cause });
  if (responseCode === 552 || responseCode === 523 || /message size/i.test(message)) {
    return new AdapterError("too-large", `${where} accepts no mail of this size`, { cause });
  }
  if (typeof responseCode === "number" && responseCode >= 500 && code === "EMESSAGE") {
    return new AdapterError("invalid", `${where} does not accept this mail: ${message}`, { cause });
  }
  const wait = typeof responseCode === "number" ? LATER_MS : limits.AWAY_MS;
  const retry = typeof responseCode === "number" && responseCode >= 500 ? {} : { retryAfterMs: wait };
  return new AdapterError("unavailable", `${where}: ${message}`, { cause, ...retry });
}

/** Whether the SMTP server did not answer. */
export function isSmtpAway(cause: unknown): boolean {
  const { code, responseCode } = troubleOf(cause);
  return typeof responseCode !== "number" && code !== "EAUTH";
}

export function isSenderRefused(cause: unknown): boolean {
  const { command, responseCode } = troubleOf(cause);
  return command === "MAIL FROM" && typeof responseCode === "number" && responseCode >= 500;
}

/** Whether the server has certainly not accepted the mail: it said so, or never received it. */
export function isRefused(cause: unknown): boolean {
  const { code, syscall, responseCode } = troubleOf(cause);
  return typeof responseCode === "number" || code === "EAUTH" || code === "EDNS" || syscall === "connect";
}
