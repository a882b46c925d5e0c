import pino, { type DestinationStream, type Logger } from "pino";
import { isAdapterError } from "../core/contract/errors.ts";
import { isStoreError } from "../gateway/index.ts";

export type Log = Logger;

/** Logs one line of JSON per event, without query strings, bodies or names: no one's personal data. */
export function createLog(destination?: DestinationStream): Log {
  const options = {
    base: { name: "podpora" },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** The loggable part of an error; a message may quote what a person wrote. */
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

/** The loggable part of an unexpected error: its kind and stack frames, never its message. */
export function traced(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  return { error: nameOf(error), at: framesOf(error) };
}

/** The stack starts with the message, whose lines may look like frames. */
function framesOf({ message, stack = "" }: Error): readonly string[] {
  const start = stack.indexOf(message);
  const frames = (start < 0 ? "" : stack.slice(start + message.length)).split("\n").slice(1);
  return frames
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .slice(0, 5);
}

/** Codes whose message, after a colon, may repeat a member's input or the desk's answer. */
const mayQuote = ["invalid", "too-large", "not-found", "unknown"];

/**
 * Removes what an adapter's message may quote: everything from the first to the last quotation mark (quoted text may
 * contain quotation marks), e-mail addresses, query strings, and lists of received values.
 */
function withoutQuotes(message: string, code: string): string {
  const own = mayQuote.includes(code) ? message.replace(/:.*$/s, "") : message;
  return own
    .replace(/".*"|“.*”|(?<!\w)'.*'/s, "…")
    .replaceAll(/\S+@\S+/g, "…")
    .replaceAll(/\?\S+/g, "?…")
    .slice(0, 300);
}

/** The kind of an error and its system or library code: "Error ENOSPC". */
function nameOf(cause: unknown): string | undefined {
  if (cause instanceof Error) {
    const code: unknown = Reflect.get(cause, "code");
    const name = /^\w{1,60}$/.test(cause.name) ? cause.name : "Error";
    return typeof code === "string" && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? `${name} ${code}` : name;
  }
  const status: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "status") : undefined;
  return typeof status === "number" ? `status ${status}` : undefined;
}
