const context = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/;

/**
 * The log fields from the caller's `traceparent` (W3C Trace Context, section 3.2), for correlation with the proxy's
 * log: `trace` has 32 hexadecimal digits, `span` 16. Empty if the header is missing or invalid.
 */
export function traceOf(request: Request): { readonly trace?: string; readonly span?: string } {
  const [, trace = "", span = ""] = context.exec(request.headers.get("traceparent") ?? "") ?? [];
  return /[^0]/.test(trace) && /[^0]/.test(span) ? { trace, span } : {};
}
