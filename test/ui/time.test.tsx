import { describe, expect, test } from "vitest";
import { clockTime, comingTime, relativeTime, weekdayTime } from "../../src/ui/parts/time.ts";

/** In the time zone of the test's machine. */
const local = (text: string) => new Date(text).getTime();
const ago = (then: string, now: string) => relativeTime(new Date(local(then)).toISOString(), "en", local(now));

describe("a relative time", () => {
  test.each([
    ["2026-11-23T10:00", "2026-11-23T10:00:30", "now"],
    ["2026-11-23T10:00", "2026-11-23T10:05", "5 minutes ago"],
    ["2026-11-23T10:00", "2026-11-23T12:10", "2 hours ago"],
    ["2026-11-23T23:50", "2026-11-24T00:10", "20 minutes ago"],
    ["2026-11-23T10:00", "2026-11-24T08:00", "yesterday"],
    ["2026-11-23T10:00", "2026-11-25T08:00", "2 days ago"],
    ["2026-11-01T10:00", "2026-11-25T08:00", "Nov 1, 2026"],
  ])("of %s, seen at %s, is %s", (then, now, text) => expect(ago(then, now)).toBe(text));

  test("is never in the future", () => {
    expect(ago("2026-11-23T10:03", "2026-11-23T10:00")).toBe("now");
  });
});

test("an expected time is rounded up and is never in the past", () => {
  const now = local("2026-11-23T10:00");
  const coming = (text: string) => comingTime(new Date(local(text)).toISOString(), "en", now);
  expect(coming("2026-11-23T11:30")).toBe("in 2 hours");
  expect(coming("2026-11-23T09:30")).toBe("in 1 minute");
});

test("the time of day has its date on another day", () => {
  const at = new Date(local("2026-11-23T16:36")).toISOString();
  expect(clockTime(at, "en", local("2026-11-23T23:59"))).toMatch(/^4:36\sPM$/u);
  expect(clockTime(at, "en", local("2026-11-24T00:01"))).toMatch(/^11\/23\/26, 4:36\sPM$/u);
});

test.each(["", "soon", "2026-13-45"])("%j, which is not a time, is shown unchanged", (text) => {
  const now = local("2026-11-23T10:00");
  expect([relativeTime, clockTime, comingTime].map((format) => format(text, "en", now))).toEqual([text, text, text]);
  expect(weekdayTime(text, "en")).toBe(text);
});
