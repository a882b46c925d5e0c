import { AdapterError } from "../../core/contract/errors.ts";

/** Skips failing work so that everything else continues. Reports contain no member's text. */
export interface Faults {
  /** Runs it, and reports what it throws. */
  guard<T>(what: string, run: () => T): T | undefined;
  /** Waits for it, and never rejects. */
  settle(what: string, work: Promise<unknown>): Promise<void>;
  report(what: string, error?: unknown): void;
}

/** The same fault is reported once in this time, with a count. */
const QUIET_MS = 60_000;

/** `onError` gets an AdapterError, code `unknown`, whose message says what was skipped and where in the code. */
export function createFaults(onError: (error: unknown) => void): Faults {
  const told = new Map<string, { readonly at: number; silent: number }>();

  function report(what: string, error?: unknown): void {
    const before = told.get(what);
    const now = performance.now();
    if (before && now - before.at < QUIET_MS) {
      before.silent += 1;
      return;
    }
    told.set(what, { at: now, silent: 0 });
    const more = before && before.silent > 0 ? `, as were ${before.silent} before` : "";
    try {
      onError(new AdapterError("unknown", `XMPP, ${what} was skipped${reasonOf(error)}${more}`));
    } catch {
      // A failing `onError` must not stop the gateway.
    }
  }

  return {
    report,
    guard(what, run) {
      try {
        return run();
      } catch (error) {
        report(what, error);
        return undefined;
      }
    },
    async settle(what, work) {
      try {
        await work;
      } catch (error) {
        report(what, error);
      }
    },
  };
}

/**
 * The message of an error may quote a member's text: its name and the first location in the code do not, nor do the
 * adapter's own errors about the server.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof AdapterError && error.code === "unavailable") return ` (${error.message})`;
  const stack = error.stack ?? "";
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length);
  const [, place = ""] = /^\s+at (?:.*\()?.*?([\w.-]+:\d+):\d+\)?$/m.exec(frames) ?? [];
  return place === "" ? ` (${error.name})` : ` (${error.name} at ${place})`;
}
