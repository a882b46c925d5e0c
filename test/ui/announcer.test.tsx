import { expect, test } from "vitest";
import { anasChat } from "../support/chats.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket } from "../support/tickets.ts";

/** Records every text in the live region, as a screen reader would announce it. */
function hear(container: HTMLElement): readonly string[] {
  const region = container.querySelector("[aria-live=polite]");
  if (!region) throw new Error("the panel has no live region");
  const heard: string[] = [];
  const observer = new MutationObserver((changes) => {
    heard.push(...changes.flatMap(({ addedNodes }) => Array.from(addedNodes, (node) => node.textContent ?? "")));
  });
  observer.observe(region, { childList: true });
  return heard;
}

async function openChat() {
  const adapter = anasDesk();
  const { id } = await anasChat(adapter);
  const drawn = await openWidget({ adapter, route: "chat" });
  await drawn.findByRole("heading", { name: "Ste v čakalni vrsti" });
  // Text that is there before the page listens is not announced.
  await expect.poll(() => adapter.agent.listeners()).toBeGreaterThan(0);
  return { ...drawn, id, agent: adapter.agent, heard: hear(drawn.container) };
}

test("an agent who joins is announced once, and so is each message", async () => {
  const { agent, id, heard, findByText } = await openChat();
  await agent.takeConversation(id);
  await expect.poll(() => heard).toEqual(["V klepet se je vključil član ekipe: Nina."]);
  await agent.say(id, "Pozdravljeni");
  await expect.poll(() => heard.at(-1)).toBe("Nina: Pozdravljeni");
  await agent.type(id, true);
  await findByText("Nina piše …");
  expect(heard).toHaveLength(2);
});

test("a second message with the same text is announced again", async () => {
  const { agent, id, heard } = await openChat();
  await agent.takeConversation(id);
  await agent.say(id, "Trenutek, prosim.");
  await expect.poll(() => heard.at(-1)).toBe("Nina: Trenutek, prosim.");
  await agent.say(id, "Trenutek, prosim.");
  await expect.poll(() => heard.slice(-2)).toEqual(["Nina: Trenutek, prosim.", "Nina: Trenutek, prosim."]);
});

test("messages are announced without their markup", async () => {
  const { agent, id, heard } = await openChat();
  await agent.takeConversation(id);
  await agent.say(id, "**Done**, see ![shot](attachment:17) and [guide](https://example.org/x)\n- one\n> old");
  await expect.poll(() => heard.at(-1)).toBe("Nina: Done, see shot and guide one old");
});

test("the member's own messages are not announced", async () => {
  const { agent, id, heard, findByRole, findAllByText, user } = await openChat();
  await agent.takeConversation(id);
  await user.type(await findByRole("textbox", { name: "Sporočilo" }), "Halo{Enter}");
  await expect.poll(async () => (await agent.conversation(id))?.messages.length).toBe(2);
  await findAllByText("Halo");
  expect(heard).toEqual(["V klepet se je vključil član ekipe: Nina."]);
});

test("a reply to an open issue is announced", async () => {
  const adapter = anasDesk();
  const { id } = await anasTicket(adapter, "Naročila");
  const { container, findByRole } = await openWidget({ adapter, route: `tickets/${id}` });
  await findByRole("textbox", { name: "Vaš odgovor" });
  await expect.poll(() => adapter.agent.listeners()).toBe(1);
  const heard = hear(container);
  await adapter.agent.replyToTicket(id, "Pogledamo.");
  await expect.poll(() => heard).toEqual(["Nina: Pogledamo."]);
});

test("opening an issue does not announce its old reply", async () => {
  const adapter = anasDesk();
  const { id } = await anasTicket(adapter, "Naročila");
  await adapter.agent.replyToTicket(id, "Že dolgo tukaj.");
  const { container, findByRole, user } = await openWidget({ adapter });
  const heard = hear(container);
  await user.click(await findByRole("button", { name: /^Naročila/ }));
  await findByRole("log", { name: "Sporočila" });
  await adapter.agent.replyToTicket(id, "Novo.");
  await expect.poll(() => heard).toEqual(["Nina: Novo."]);
});

test("closing and opening the panel announces nothing again", async () => {
  const { agent, id, heard, widget, container, findByText, findAllByText } = await openChat();
  await agent.takeConversation(id);
  await agent.say(id, "Pozdravljeni");
  await expect.poll(() => heard.length).toBe(2);
  widget.hide();
  await agent.say(id, "Medtem");
  await expect.poll(() => widget.unread.value).toBe(1);
  widget.show();
  await findByText("Medtem");
  const after = hear(container);
  await agent.say(id, "Zdaj");
  await findAllByText("Zdaj");
  await expect.poll(() => after).toEqual(["Nina: Zdaj"]);
});
