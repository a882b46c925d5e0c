import { isAdapterError } from "../../src/core/contract/errors.ts";
import { PROBLEM_TYPE, statusByCode } from "../../src/protocol/problems.ts";

/** RFC 9457. Unexpected errors are only logged; the response has no details. */
export function problemOf(error: unknown): Response {
  const known = isAdapterError(error) ? error : undefined;
  if (!known) console.error("[podpora] the agent API failed:", error);
  const code = known?.code ?? "unknown";
  const retryAfter = known?.retryAfterMs === undefined ? undefined : Math.ceil(known.retryAfterMs / 1000);
  return Response.json(
    {
      type: "about:blank",
      status: statusByCode[code],
      code,
      title: known?.message ?? "The desk failed.",
      ...(known?.fields ? { fields: known.fields } : {}),
    },
    {
      status: statusByCode[code],
      headers: {
        "Content-Type": PROBLEM_TYPE,
        "Cache-Control": "no-store",
        ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
      },
    },
  );
}
