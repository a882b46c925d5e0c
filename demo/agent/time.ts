import { signal } from "@preact/signals";

/** Updated every ten seconds, for waiting times. */
const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 10_000);

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
const languages = new Intl.DisplayNames("en", { type: "language" });

export function waitedFor(since: string): string {
  const minutes = Math.floor(Math.max(0, now.value - Date.parse(since)) / 60_000);
  if (minutes < 1) return "less than a minute";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time if today, otherwise the date. */
export function shortTime(at: string): string {
  const time = new Date(at);
  return time.toDateString() === new Date(now.value).toDateString() ? clock.format(time) : day.format(time);
}

export function clockTime(at: string): string {
  return clock.format(new Date(at));
}

export function fullTime(at: string): string {
  return full.format(new Date(at));
}

export function languageName(locale: string): string {
  try {
    return languages.of(locale) ?? locale;
  } catch {
    return locale;
  }
}
