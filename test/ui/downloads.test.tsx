import { expect, test, vi } from "vitest";
import type { Message } from "../../src/core/contract/adapter.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket, withTickets } from "../support/tickets.ts";

/** Ten answers of Nina's, too far apart to be grouped. */
const answers = Array.from({ length: 10 }, (_, index): Message => ({
  id: `answer-${index}`,
  author: { id: "nina", name: "Nina", role: "agent", picture: "ninas-picture" },
  text: `Answer ${index}`,
  at: new Date(Date.parse("2026-06-01T10:00:00Z") + index * 3_600_000).toISOString(),
}));

async function openThread(download: (id: string) => Promise<Blob>) {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "x");
  const adapter = {
    ...withTickets(desk, { thread: async () => ({ items: answers }) }),
    uploads: { ...desk.uploads!, download },
  };
  const drawn = await openWidget({ adapter, route: `tickets/${id}`, locale: "en" });
  await drawn.findByText("Answer 9");
  return { ...drawn, id };
}

test("an agent's picture is downloaded once for all of their messages, however often the issue is opened", async () => {
  const download = vi.fn<(id: string) => Promise<Blob>>(async () => new Blob(["x"], { type: "image/png" }));
  const { widget, findByText, container, id } = await openThread(download);
  expect(container.querySelectorAll("article .avatar").length).toBeGreaterThan(5);
  await expect.poll(() => download.mock.calls.length).toBeGreaterThan(0);
  widget.navigate({ tab: "tickets", view: "list" });
  await expect.poll(() => container.querySelector("article")).toBeNull();
  widget.navigate({ tab: "tickets", view: "ticket", id });
  await findByText("Answer 9");
  // The second opening requests its pictures after it is rendered.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(download).toHaveBeenCalledOnce();
});

test("a picture that could not be downloaded is requested again when it is shown again", async () => {
  const download = vi.fn<(id: string) => Promise<Blob>>(async () => Promise.reject(new Error("no route")));
  const { widget, findByText, container, id } = await openThread(download);
  await expect.poll(() => download.mock.calls.length).toBeGreaterThan(0);
  const before = download.mock.calls.length;
  widget.navigate({ tab: "tickets", view: "list" });
  await expect.poll(() => container.querySelector("article")).toBeNull();
  widget.navigate({ tab: "tickets", view: "ticket", id });
  await findByText("Answer 9");
  await expect.poll(() => download.mock.calls.length).toBeGreaterThan(before);
});
