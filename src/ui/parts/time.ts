const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
/** For so long hours are counted over midnight; after that, days. */
const freshMs = 6 * hourMs;

/**
 * How long ago something happened: "5 minutes ago", "yesterday"; a date from a week on. `at` is ISO 8601, `now` the desk's
 * time. Days are the calendar's where the member is. What has happened is never to come, whatever a clock says; what is no
 * time is shown as it is.
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

/** When something will probably happen: "in 2 hours". What is to come is not promised too early. */
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

/** The time of day; with its date when that is not today's. */
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

/** Of the calendar, where the member is: a day there may have 23 or 25 hours. */
function daysBetween(then: number, now: number): number {
  const [from, to] = [new Date(then), new Date(now)];
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(to) - midnight(from)) / dayMs);
}
