import { originOf } from "./without-query.ts";

/** The part of the Reporting API that names a violation; not every browser has it. */
interface ViolationReport {
  readonly body?: { readonly effectiveDirective?: string; readonly blockedURL?: string } | null;
}

const most = 10;
/** Reports are delivered in a task of their own. */
const settlesMs = 50;

/**
 * Collects what the content policy blocks from now on and, where the browser remembers it, has blocked before. Returns a
 * function that stops and lists it.
 */
export function watchBlocked(): () => Promise<readonly string[]> {
  const found = new Set<string>();
  const add = (directive = "", address = "") => {
    if (found.size < most) found.add(`${directive} ${originOf(address)}`.trim());
  };
  const onViolation = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) =>
    add(effectiveDirective, blockedURI);
  document.addEventListener("securitypolicyviolation", onViolation);
  const observer =
    "ReportingObserver" in globalThis
      ? new ReportingObserver(
          (reports) => {
            for (const { body } of reports as readonly ViolationReport[])
              add(body?.effectiveDirective, body?.blockedURL);
          },
          { types: ["csp-violation"], buffered: true },
        )
      : undefined;
  observer?.observe();
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, settlesMs));
    document.removeEventListener("securitypolicyviolation", onViolation);
    observer?.disconnect();
    return [...found];
  };
}
