const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Up to this age, hours are counted across midnight; beyond it, calendar days. */
const freshMs = 6 * hourMs;

/**
 * A past time: "5 minutes ago", "yesterday"; a date after a week. `at` is ISO 8601, `now` the desk's time. Days are
 * calendar days in the member's time zone. A time ahead of `now` (clock skew) counts as now; an invalid `at` is
 * returned unchanged.
 */
export function relativeTime(at: string, locale: string, now: number): string {
  const then = Math.min(Date.parse(at), now);
  if (Number.isNaN(then)) return at;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const days = daysBetween(then, now);
  if (days > 7) return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(then);
  const passed = now - then;
  if (days > 0 && passed >= freshMs) return format.format(-days, "day");
  if (passed >= hourMs) return format.format(-Math.trunc(passed / hourMs), "hour");
  if (passed >= minuteMs) return format.format(-Math.trunc(passed / minuteMs), "minute");
  return format.format(0, "second");
}

/** An expected time: "in 2 hours". Rounds up, so as not to promise too early. */
export function comingTime(at: string, locale: string, now: number): string {
  const then = Math.max(Date.parse(at), now);
  if (Number.isNaN(then)) return at;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const left = then - now;
  if (left > 7 * dayMs) return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(then);
  for (const [unit, ms] of [
    ["day", dayMs],
    ["hour", hourMs],
  ] as const) {
    if (left >= ms) return format.format(Math.ceil(left / ms), unit);
  }
  return format.format(Math.max(1, Math.ceil(left / minuteMs)), "minute");
}

/** The time of day, with the date if it is not today. */
export function clockTime(at: string, locale: string, now: number): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return at;
  const isToday = daysBetween(then, now) === 0;
  return new Intl.DateTimeFormat(
    locale,
    isToday ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" },
  ).format(then);
}

/** "Monday 8:00". */
export function weekdayTime(at: string, locale: string): string {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return at;
  return new Intl.DateTimeFormat(locale, { weekday: "long", hour: "numeric", minute: "2-digit" }).format(then);
}

/** Calendar days in the member's time zone, where a day may have 23 or 25 hours. */
function daysBetween(then: number, now: number): number {
  const [from, to] = [new Date(then), new Date(now)];
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / dayMs);
}
