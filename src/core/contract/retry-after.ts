/**
 * Parses the `Retry-After` header in either form, RFC 9110 section 10.2.3: seconds or an HTTP date. In ms from `now`;
 * undefined if it is absent or malformed.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // A date begins with the weekday; `Date.parse` alone would accept "1.5" or "-3".
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
