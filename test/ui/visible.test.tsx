import { expect, test } from "vitest";
import { anasChat } from "../support/chats.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket } from "../support/tickets.ts";

/** Messages in a hidden tab do not count as read. */

test("a message in an open chat counts as unread until the member returns to the tab", async () => {
  const adapter = anasDesk();
  const { id } = await anasChat(adapter);
  await adapter.agent.takeConversation(id);
  const { findByText, widget, platform } = await openWidget({ adapter, route: "chat" });
  await findByText("Where is my order?");
  platform.visible.value = false;
  await adapter.agent.say(id, "Are you there?");
  await findByText("Are you there?");
  await expect.poll(() => widget.waiting.value).toBe(1);
  platform.visible.value = true;
  await expect.poll(() => widget.waiting.value).toBe(0);
});

test("a reply to an open issue stays unread until the member returns to the tab", async () => {
  const adapter = anasDesk();
  const ticket = await anasTicket(adapter, "Naročila");
  const { findByText, findByRole, widget, platform } = await openWidget({ adapter, route: `tickets/${ticket.id}` });
  await findByRole("textbox", { name: "Vaš odgovor" });
  await expect.poll(() => adapter.agent.listeners()).toBe(1);
  const seen = () => widget.tickets.value?.seen.readUpTo(ticket.id);
  await expect.poll(seen).toBeDefined();
  const before = seen();
  platform.visible.value = false;
  await new Promise((resolve) => setTimeout(resolve, 2));
  await adapter.agent.replyToTicket(ticket.id, "Pogledamo.");
  await findByText("Pogledamo.");
  expect(seen()).toBe(before);
  platform.visible.value = true;
  await expect.poll(seen).not.toBe(before);
});

test("a list opened in a background tab does not count as a visit until the member sees it", async () => {
  const adapter = anasDesk();
  const hidden = await openWidget({ adapter, hidden: true });
  await hidden.findByRole("heading", { name: "Moje tehnične težave" });
  const visited = async () => (await hidden.storage.keys("")).filter((key) => key.endsWith("/seen"));
  expect(await visited()).toEqual([]);
  hidden.platform.visible.value = true;
  await expect.poll(async () => (await visited()).length).toBe(1);
});
