const context = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/;

/**
 * What a log line has of the caller's `traceparent` (W3C Trace Context, section 3.2), to find it beside the proxy's own:
 * `trace` has 32 hexadecimal digits, `span` 16. Nothing where there is none, or none that is valid.
 */
export function traceOf(request: Request): { readonly trace?: string; readonly span?: string } {
  const [, trace = "", span = ""] = context.exec(request.headers.get("traceparent") ?? "") ?? [];
  return /[^0]/.test(trace) && /[^0]/.test(span) ? { trace, span } : {};
}
