import { expect, test } from "vitest";
import { createWorld, desktop, openHelp, tab } from "./world.ts";

/** Open only on one weekday: the day after tomorrow, in Ljubljana. */
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const openDay = days[(new Date().getUTCDay() + 2) % 7] ?? "Sun";
const world = createWorld({ hours: { timeZone: "Europe/Ljubljana", days: { [openDay]: ["09:00", "16:30"] } } });

test("outside office hours the member reads when the chat opens, in their own time zone", async () => {
  await world.agent();
  const page = await world.visit("/en.html", { ...desktop, locale: "en-US", timezoneId: "America/New_York" });
  await openHelp(page, "Help");
  await tab(page, "Live chat").click();
  await page.getByRole("heading", { name: "Live chat is closed right now" }).waitFor();
  const line = await page.locator(".head-status").innerText();
  // 9:00 in Ljubljana is 3:00 in New York, except in the weeks around clock changes.
  expect(line).toMatch(/[2-4]:00 AM/);
});
