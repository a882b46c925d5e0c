import { expect, test } from "vitest";
import { createWorld, desktop, openHelp, tab } from "./world.ts";

/** Open on one day of the week alone: the day after tomorrow, in Ljubljana. */
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const openDay = days[(new Date().getUTCDay() + 2) % 7] ?? "Sun";
const world = createWorld({ hours: { timeZone: "Europe/Ljubljana", days: { [openDay]: ["09:00", "16:30"] } } });

test("outside of office hours the member reads when somebody is there again, by their own clock", async () => {
  await world.agent();
  const page = await world.visit("/en.html", { ...desktop, locale: "en-US", timezoneId: "America/New_York" });
  await openHelp(page, "Help");
  await tab(page, "Live chat").click();
  await page.getByRole("heading", { name: "Nobody is in chat at the moment" }).waitFor();
  const line = await page.locator(".head-status").innerText();
  // Nine in Ljubljana is three in the morning in New York, but for the weeks when the clocks change.
  expect(line).toMatch(/[2-4]:00 AM/);
});
