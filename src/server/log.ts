import pino, { type DestinationStream, type Logger } from "pino";
import { isAdapterError } from "../core/contract/errors.ts";
import { isStoreError } from "../gateway/index.ts";

export type Log = Logger;

/** One line of JSON for each thing that happened. No address with a query, no body, no name: nobody's words. */
export function createLog(destination?: DestinationStream): Log {
  const options = {
    base: { name: "podpora" },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** What may be written of an error: a message may quote what somebody wrote. */
export function sayable(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  if (isStoreError(error)) return { error: error.name, fault: error.fault, reason: error.message };
  if (isAdapterError(error)) {
    return {
      error: error.name,
      code: error.code,
      reason: withoutQuotes(error.message, error.code),
      cause: nameOf(error.cause),
    };
  }
  return traced(error);
}

/** What may be written of an error that nobody expected: its kind, and where it was thrown. Not a word of its message. */
export function traced(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  return { error: nameOf(error), at: framesOf(error) };
}

/** The message comes first, and may have lines that look like these. */
function framesOf({ message, stack = "" }: Error): readonly string[] {
  const start = stack.indexOf(message);
  const frames = (start < 0 ? "" : stack.slice(start + message.length)).split("\n").slice(1);
  return frames
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .slice(0, 5);
}

/** Of what the member chose: what follows a colon there is the desk's own answer, which may repeat it. */
const ofMembers = ["invalid", "too-large", "not-found"];

/**
 * Of an adapter's message what is its own: nothing from the first quotation mark to the last, for what is quoted may have
 * quotation marks, no address of a person or of a query, and no list of what was received.
 */
function withoutQuotes(message: string, code: string): string {
  const own = ofMembers.includes(code) ? message.replace(/:.*$/s, "") : message;
  return own
    .replace(/".*"|“.*”|(?<!\w)'.*'/s, "…")
    .replaceAll(/\S+@\S+/g, "…")
    .replaceAll(/\?\S+/g, "?…")
    .replace(/ with what does not fit:.*$/s, " with what does not fit")
    .slice(0, 300);
}

/** A kind of error and, of the operating system or a library, its code: "Error ENOSPC". */
function nameOf(cause: unknown): string | undefined {
  if (cause instanceof Error) {
    const code: unknown = Reflect.get(cause, "code");
    const name = /^\w{1,60}$/.test(cause.name) ? cause.name : "Error";
    return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? `${name} ${code}` : name;
  }
  const status: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "status") : undefined;
  return typeof status === "number" ? `status ${status}` : undefined;
}
