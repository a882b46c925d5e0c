const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "5 minutes ago", "in 2 hours", "yesterday"; a date from a week on. `at` is ISO 8601. */
export function relativeTime(at: string, locale: string, now = Date.now()): string {
  const distance = Date.parse(at) - now;
  if (Math.abs(distance) > 7 * 86_400_000) {
    return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(at));
  }
  // What is to come is not promised too early.
  const round = distance > 0 ? Math.ceil : Math.trunc;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, ms] of units) {
    if (Math.abs(distance) >= ms) return format.format(round(distance / ms), unit);
  }
  return format.format(0, "second");
}

export function clockTime(at: string, locale: string): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(
    locale,
    today ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" },
  ).format(date);
}

/** "3 MB", "20 kB"; never "0 kB". */
export function fileSize(bytes: number, locale: string): string {
  const [unit, size] =
    bytes >= 1e6 ? (["megabyte", bytes / 1e6] as const) : (["kilobyte", Math.max(bytes, 100) / 1e3] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}
