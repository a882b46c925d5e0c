import { expect, test } from "vitest";
import type { Rating } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { memory, type MemoryAdapter } from "../../src/adapters/memory/index.ts";
import { anasChat, withChat } from "../support/chats.ts";
import { openWidget } from "../support/openWidget.tsx";
import { ana, anasDesk, context } from "../support/scope.ts";

/** Ana's chat, resumed by the widget; taken by the agent unless `queued`. */
async function openChat(desk: MemoryAdapter = anasDesk(), { queued = false, adapter = desk } = {}) {
  const conversation = await anasChat(desk);
  if (!queued) await desk.agent.takeConversation(conversation.id);
  const drawn = await openWidget({ adapter, route: "chat" });
  await expect.poll(() => desk.agent.listeners()).toBe(1);
  const said = async () => (await desk.agent.conversation(conversation.id))?.messages.map(({ text }) => text);
  return { ...drawn, desk, agent: desk.agent, id: conversation.id, said };
}

const boxOf = (drawn: Awaited<ReturnType<typeof openChat>>) =>
  drawn.findByRole<HTMLTextAreaElement>("textbox", { name: "Sporočilo" });

test("the queue shows the position, the wait and the question, and the position moves", async () => {
  const desk = memory({ availability: { open: true, languages: ["sl"], waitMs: 180_000 } });
  const other = await desk.chat?.open(
    { clientId: crypto.randomUUID(), name: "Bor", email: "bor@example.org", question: "Prvi" },
    context({ id: "bor" }),
  );
  await desk.chat?.open(
    { clientId: crypto.randomUUID(), name: "Ana", email: "a@example.org", question: "Kje je?" },
    context(ana),
  );
  const adapter = { name: "shared", chat: asAna(desk) };
  const { findByRole, findByText, getByRole, queryByText, heard } = await openWidget({ adapter, route: "chat" });
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
  await findByText("Vaše mesto v čakalni vrsti: 2");
  await findByText("še približno 3 minute čakanja");
  await findByText("Kmalu bo član ekipe začel klepet z vami.");
  await findByText("Kje je?");
  expect(queryByText("Na vrsti ste naslednji")).toBeNull();
  expect(getByRole("status").textContent).toContain("Vaše mesto v čakalni vrsti: 2");

  await desk.agent.takeConversation(other?.id ?? "");
  await findByText("Vaše mesto v čakalni vrsti: 1");
  await findByText("Na vrsti ste naslednji");
  expect(heard).toContainEqual({ name: "chat:position", data: { position: 1 } });
});

/** The chat of a shared desk, called as Ana. */
function asAna(desk: MemoryAdapter): NonNullable<MemoryAdapter["chat"]> {
  const { chat } = desk;
  if (!chat) throw new Error("the desk has no chat");
  return {
    open: (request, ctx) => chat.open(request, { ...ctx, member: ana }),
    send: (id, draft, ctx) => chat.send(id, draft, { ...ctx, member: ana }),
    events: (id, cursor, ctx) => chat.events(id, cursor, { ...ctx, member: ana }),
    current: async (ctx) => await chat.current?.({ ...ctx, member: ana }),
    availability: async (ctx) => (await chat.availability?.(ctx)) ?? { open: true },
  };
}

test("leaving the queue ends the chat at the desk and shows the form again", async () => {
  const { findByRole, user, agent, id } = await openChat(undefined, { queued: true });
  await user.click(await findByRole("button", { name: "Zapusti čakalno vrsto" }));
  await findByRole("form", { name: "Klepet s tehnično podporo" });
  expect((await agent.conversation(id))?.status).toBe("ended");
});

test("an issue instead of the queue keeps the question and gives up the place", async () => {
  const { findByRole, getByRole, user, agent, id } = await openChat(undefined, { queued: true });
  await user.click(await findByRole("button", { name: "Raje vloži zahtevek" }));
  await findByRole("form", { name: "Prijavi novo tehnično težavo" });
  expect(getByRole<HTMLTextAreaElement>("textbox", { name: "Kaj se je zgodilo?" }).value).toBe("Where is my order?");
  await expect.poll(async () => (await agent.conversation(id))?.status).toBe("ended");
});

test("an agent takes the waiting chat, and messages arrive once in both directions", async () => {
  const drawn = await openChat(undefined, { queued: true });
  const { findByRole, findByText, getAllByText, agent, id, user, said } = drawn;
  await findByRole("heading", { name: "Ste v čakalni vrsti" });
  await agent.takeConversation(id);
  await findByRole("heading", { name: "Klepetate s članom ekipe: Nina" });
  await agent.say(id, "Hello Ana");
  await findByText("Hello Ana", { selector: ".rich *" });
  await user.type(await boxOf(drawn), "Hvala{Enter}");
  await expect.poll(said).toEqual(["Where is my order?", "Hello Ana", "Hvala"]);
  const log = await findByRole("log", { name: "Pogovor" });
  await expect
    .poll(() => [...log.querySelectorAll("article")].map((message) => message.getAttribute("aria-label")))
    .toEqual(["Vi", "Nina", "Vi"]);
  expect(getAllByText("Hvala")).toHaveLength(1);
});

test("the agent's typing indicator shows until the message arrives", async () => {
  const { findByText, queryByText, agent, id } = await openChat();
  await agent.type(id, true);
  await findByText("Nina piše …");
  await agent.type(id, false);
  await expect.poll(() => queryByText("Nina piše …")).toBeNull();
  await agent.type(id, true);
  await findByText("Nina piše …");
  await agent.say(id, "Tukaj sem.");
  await expect.poll(() => queryByText("Nina piše …")).toBeNull();
});

test("Shift+Enter breaks the line in a chat too", async () => {
  const drawn = await openChat();
  const box = await boxOf(drawn);
  await drawn.user.type(box, "a{Shift>}{Enter}{/Shift}b");
  expect(box.value).toBe("a\nb");
  expect(await drawn.said()).toEqual(["Where is my order?"]);
});

test("a refused message shows an error and goes back into the field", async () => {
  const desk = anasDesk();
  const adapter = withChat(desk, { send: () => Promise.reject(new AdapterError("invalid", "no links, please")) });
  const drawn = await openChat(desk, { adapter });
  const box = await boxOf(drawn);
  await drawn.user.type(box, "Glejte to{Enter}");
  expect((await drawn.findByRole("alert")).textContent).toMatch(/^Ni poslano\./);
  await drawn.user.click(await drawn.findByRole("button", { name: "Uredi" }));
  await expect.poll(() => box.value).toBe("Glejte to");
  expect(drawn.queryByRole("alert")).toBeNull();
});

test("an agent's request for an issue shows a button to the form, with the question and the conversation", async () => {
  const { findByText, findByRole, getByRole, agent, id, user, desk } = await openChat();
  await agent.say(id, "I only speak English, sorry.");
  await agent.requestTicket(id);
  await findByText("Nina vas prosi, da vložite zahtevek, da boste dobili podporo v svojem jeziku.");
  await user.click(await findByRole("button", { name: "Vloži zahtevek" }));
  await findByRole("form", { name: "Prijavi novo tehnično težavo" });
  await findByText("Vaš klepet bo priložen, zato vam ni treba ničesar ponavljati.");
  expect(getByRole<HTMLTextAreaElement>("textbox", { name: "Kaj se je zgodilo?" }).value).toBe("Where is my order?");

  await user.type(getByRole("textbox", { name: "Naslov zahtevka" }), "Naročilo");
  await user.click(getByRole("button", { name: "Prijavi tehnično težavo" }));
  await findByText("Vaš zahtevek ima številko 1001.");
  const page = await desk.tickets?.list?.({ filter: "all" }, context());
  const ticket = await agent.ticket(page?.items[0]?.id ?? "");
  expect(ticket?.messages.at(-1)?.text).toContain("I only speak English, sorry.");
});

test("ending the chat ends it at the desk, and sends a rating with a comment", async () => {
  const desk = anasDesk();
  const ratings: Rating[] = [];
  const adapter = withChat(desk, { rate: async (_id, rating) => void ratings.push(rating) });
  const { findByRole, findByText, getByRole, getAllByRole, queryByRole, user, id } = await openChat(desk, { adapter });
  await user.click(await findByRole("button", { name: "Končaj klepet" }));
  await findByRole("heading", { name: "Klepet je končan." });
  expect((await desk.agent.conversation(id))?.status).toBe("ended");
  expect(queryByRole("textbox", { name: "Sporočilo" })).toBeNull();

  getByRole("group", { name: "Kakšna je bila podpora?" });
  expect(getAllByRole("radio").map((radio) => radio.getAttribute("aria-label"))).toEqual([
    "1, zelo slaba",
    "2, slaba",
    "3, sprejemljiva",
    "4, dobra",
    "5, zelo dobra",
  ]);
  await user.click(getByRole("radio", { name: "4, dobra" }));
  await user.type(await findByRole("textbox", { name: /^Nekaj besed o tem/ }), "Hitro");
  await user.click(getByRole("button", { name: "Pošlji oceno" }));
  await findByText("Hvala za vašo oceno.");
  expect(ratings).toEqual([{ score: 4, comment: "Hitro" }]);
  await user.click(getByRole("button", { name: "Začni nov klepet" }));
  await findByRole("form", { name: "Klepet s tehnično podporo" });
});

test("a chat ended by the agent offers an issue about it", async () => {
  const { findByRole, findByText, getByRole, agent, id, user } = await openChat();
  await agent.endConversation(id);
  await findByRole("heading", { name: "Klepet je končan." });
  await user.click(await findByRole("button", { name: "Prijavi tehnično težavo" }));
  await findByText("Vaš klepet bo priložen, zato vam ni treba ničesar ponavljati.");
  expect(getByRole<HTMLTextAreaElement>("textbox", { name: "Kaj se je zgodilo?" }).value).toBe("Where is my order?");
});

test("messages that arrive while the issues are open are counted on the chat tab until they are seen", async () => {
  const { findByRole, agent, id, user } = await openChat();
  await user.click(await findByRole("tab", { name: "Tehnične težave" }));
  await agent.say(id, "Ste tam?");
  const tab = await findByRole("tab", { name: /^Klepet\s?, 1 novo sporočilo$/ });
  await user.click(tab);
  expect(await findByRole("tab", { name: "Klepet" })).toBe(tab);
});

test("what the agent writes stays text", async () => {
  const { findByText, agent, id, container } = await openChat();
  await agent.say(id, "<img src=x onerror=alert(1)>");
  await findByText("<img src=x onerror=alert(1)>", { selector: ".rich *" });
  expect(container.querySelectorAll("img, script, iframe")).toHaveLength(0);
});
