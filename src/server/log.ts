import pino, { type DestinationStream, type Logger } from "pino";
import { isAdapterError } from "../core/contract/errors.ts";

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
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  if (isAdapterError(error)) {
    return { error: error.name, code: error.code, reason: withoutQuotes(error.message), cause: nameOf(error.cause) };
  }
  return { error: error.name, at: frames.slice(0, 5).map((line) => line.trim()) };
}

/** Of an adapter's message what stands outside quotation marks, up to where it lists what it received. */
function withoutQuotes(message: string): string {
  return message
    .replaceAll(/"[^"]*"|“[^”]*”|'[^']*'/g, "…")
    .replace(/ with what does not fit:.*$/s, " with what does not fit")
    .slice(0, 300);
}

function nameOf(cause: unknown): string | undefined {
  if (cause instanceof Error) return "code" in cause ? `${cause.name} ${String(cause.code)}` : cause.name;
  const status: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "status") : undefined;
  return typeof status === "number" ? `status ${status}` : undefined;
}
