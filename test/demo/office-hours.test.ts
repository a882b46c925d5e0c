import { describe, expect, test } from "vitest";
import { createOfficeClock, type OfficeHours } from "../../demo/desk/office-hours.ts";
import { ana, by, present, seededDesk } from "./desk.ts";

const hours: OfficeHours = {
  timeZone: "Europe/Ljubljana",
  days: { Mon: ["08:00", "16:30"], Fri: ["08:00", "12:00"], Sun: ["10:00", "11:00"] },
};
const office = createOfficeClock(hours);
const next = (at: string) => {
  const opening = office.nextOpening(Date.parse(at));
  return opening === undefined ? undefined : new Date(opening).toISOString();
};

describe("office hours", () => {
  test.each([
    ["2026-11-23T06:59:59Z", false],
    ["2026-11-23T07:00:00Z", true],
    ["2026-11-23T15:29:59Z", true],
    ["2026-11-23T15:30:00Z", false],
    ["2026-11-24T09:00:00Z", false],
  ])("at %s: %s", (at, open) => {
    expect(office.isOpen(Date.parse(at))).toBe(open);
  });

  test.each([
    ["this morning", "2026-11-23T05:00:00Z", "2026-11-23T07:00:00.000Z"],
    ["on the next open day", "2026-11-23T16:00:00Z", "2026-11-27T07:00:00.000Z"],
    ["after the weekend", "2026-11-27T12:00:00Z", "2026-11-29T09:00:00.000Z"],
    // Clocks go forward on 2026-03-29 and back on 2026-10-25, both Sundays, at 01:00 UTC.
    ["on the day the clocks go forward", "2026-03-28T12:00:00Z", "2026-03-29T08:00:00.000Z"],
    ["on the day the clocks go back", "2026-10-24T12:00:00Z", "2026-10-25T09:00:00.000Z"],
    ["in the night of the change", "2026-10-25T00:30:00Z", "2026-10-25T09:00:00.000Z"],
  ])("the next opening is %s", (_when, at, opening) => {
    expect(next(at)).toBe(opening);
  });

  test("without a day are never open", () => {
    const never = createOfficeClock({ timeZone: "UTC", days: {} });
    expect([never.isOpen(0), never.nextOpening(0)]).toEqual([false, undefined]);
  });

  test("with an unknown time zone are refused", () => {
    expect(() => createOfficeClock({ timeZone: "Europe/Nowhere", days: {} })).toThrow(RangeError);
  });
});

test("outside office hours the chat is closed, whoever is online, and says when it opens", async () => {
  await using stage = await seededDesk({ hours });
  await present(stage, "nina");
  expect(await stage.chat.availability(by(ana))).toMatchObject({ open: true });
  stage.clock.at = Date.UTC(2026, 10, 23, 18);
  expect(await stage.chat.availability(by(ana))).toMatchObject({ open: false, opensAt: "2026-11-27T07:00:00.000Z" });
});
