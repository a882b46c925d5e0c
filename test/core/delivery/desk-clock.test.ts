import { expect, test } from "vitest";
import { deskClock } from "../../../src/core/delivery/desk-clock.ts";
import { createSeen } from "../../../src/core/tickets/seen.ts";
import type { Ticket } from "../../../src/core/contract/adapter.ts";
import { bench } from "../../support/scope.ts";

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const ticket = (updatedAt: string): Ticket => ({
  id: "1",
  number: "1",
  title: "Naročila",
  status: "open",
  createdAt: updatedAt,
  updatedAt,
  updatedBy: "agent",
});

function deviceAt(ms: number) {
  const scope = bench();
  const device = { ms };
  const platform = Object.assign(scope.platform, { now: () => device.ms });
  return { scope: { ...scope, platform }, device, clock: deskClock(platform) };
}

test("the desk's time is what its server said, whatever the device's clock says", () => {
  const { clock, device } = deviceAt(at("2026-11-23T11:00:00Z"));
  clock.learn(at("2026-11-23T10:00:00Z"));
  expect(new Date(clock.now()).toISOString()).toBe("2026-11-23T10:00:00.000Z");
  device.ms += 24 * hour;
  clock.learn(at("2026-11-23T10:00:05Z"));
  expect(new Date(clock.now()).toISOString()).toBe("2026-11-23T10:00:05.000Z");
});

test("the moment that an answer takes is no difference", () => {
  const { clock } = deviceAt(at("2026-11-23T10:00:01Z"));
  clock.learn(at("2026-11-23T10:00:00Z"));
  expect(clock.offset.value).toBe(0);
});

test("an answer is unread on a device whose clock is an hour ahead, and an old ticket is no news where it is a day behind", async () => {
  const ahead = deviceAt(at("2026-11-23T11:00:00Z"));
  ahead.clock.learn(at("2026-11-23T10:00:00Z"));
  const seen = createSeen(ahead.scope);
  seen.visit();
  await expect.poll(() => seen.isUnread(ticket("2026-11-23T10:05:00Z"))).toBe(true);

  const behind = deviceAt(at("2026-11-22T10:00:00Z"));
  behind.clock.learn(at("2026-11-23T10:00:00Z"));
  const other = createSeen(behind.scope);
  other.visit();
  await expect.poll(() => other.isUnread(ticket("2026-11-23T10:05:00Z"))).toBe(true);
  expect(other.isUnread(ticket("2026-11-23T09:00:00Z"))).toBe(false);
});
