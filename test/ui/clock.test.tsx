import { afterEach, expect, test, vi } from "vitest";
import { minute } from "../../src/ui/parts/minute.ts";
import { isOverGateway, openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket } from "../support/tickets.ts";

afterEach(() => vi.restoreAllMocks());

async function openList(deviceAheadMs: number) {
  const adapter = anasDesk();
  await anasTicket(adapter, "Naročila");
  const now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => now + deviceAheadMs);
  const drawn = await openWidget({ adapter, locale: "en" });
  // As the first answer of a gateway does.
  drawn.widget.clock.learn(now);
  const row = await drawn.findByRole("button", { name: /Naročila/ });
  return { ...drawn, row };
}

// In-process, the gateway shares the device's clock: a day ahead, no token would be valid.
test.each(isOverGateway ? [-180_000, 0] : [-180_000, 0, 86_400_000])(
  "a change made just now shows as “now” on a device whose clock is %i ms ahead",
  async (ahead) => {
    const { row } = await openList(ahead);
    await expect.poll(() => row.querySelector("time")?.textContent).toBe("now");
  },
);

test("a relative time is updated without any other change", async () => {
  const { row } = await openList(0);
  await expect.poll(() => row.querySelector("time")?.textContent).toBe("now");
  const now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => now + 600_000);
  minute.value += 1;
  await expect.poll(() => row.querySelector("time")?.textContent).toBe("10 minutes ago");
});
