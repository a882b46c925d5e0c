import { describe, expect, test, vi } from "vitest";
import { combine } from "../../src/adapters/combine/index.ts";
import { memory } from "../../src/adapters/memory/index.ts";
import type { Adapter, DeskState } from "../../src/core/contract/adapter.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { article, articles } from "./articles.ts";
import { answers, form } from "./form.ts";
import { ana, anasCredentials, boris } from "./members.ts";

/** A memory desk with another name. */
const named = (name: string) => ({ ...memory(), name });

test("each part comes from the adapter given for it, and only these parts exist", () => {
  const [first, second] = [memory({ accounts: [] }), named("other")];
  const both = combine({ tickets: first, uploads: first, chat: second, accounts: first });
  expect(both.tickets).toBe(first.tickets);
  expect(both.uploads).toBe(first.uploads);
  expect(both.chat).toBe(second.chat);
  expect(both.accounts).toBe(first.accounts);
  expect(Object.keys(both).toSorted()).toEqual([
    "accounts",
    "chat",
    "dispose",
    "erase",
    "merge",
    "name",
    "state",
    "tickets",
    "uploads",
  ]);
  expect(combine({ tickets: first }).uploads).toBe(first.uploads);
});

test("a guest's data is transferred if every desk that has a part of it supports that", () => {
  const { merge: _, ...unable } = named("unable");
  expect(combine({ tickets: memory(), chat: named("other") }).merge).toBeDefined();
  expect(combine({ tickets: memory(), chat: unable }).merge).toBeUndefined();
  // The guest's files are kept with the tickets.
  expect(combine({ tickets: unable, chat: memory() }).merge).toBeUndefined();
  expect(combine({ tickets: unable, chat: memory(), uploads: named("files") }).merge).toBeDefined();
  expect(combine({ tickets: memory() }).merge).toBeDefined();
});

test("each part reports the state of its own desk", () => {
  const desk = (name: string, tickets: DeskState, chat: DeskState) => ({
    ...named(name),
    state: () => ({ tickets, chat }),
  });
  const both = combine({ tickets: desk("one", "away", "reached"), chat: desk("two", "reached", "unknown") });
  expect(both.state?.()).toEqual({ tickets: "away", chat: "unknown" });
  expect(combine({ tickets: memory(), chat: desk("two", "reached", "away") }).state?.()).toEqual({ chat: "away" });
});

test("a member is erased at each desk, also after one that fails, and a desk that can't erase is named", async () => {
  const { erase: _, ...unable } = memory();
  const [broken, whole] = [memory(), memory()];
  await whole.chat?.open(
    { clientId: crypto.randomUUID(), name: "Ana", email: "a@example.org", question: "Where?" },
    { signal: new AbortController().signal, locale: "en", member: ana },
  );
  const failing: Adapter = {
    ...broken,
    name: "broken",
    async *erase() {
      yield { outcome: "erased", text: "half of it" };
      throw new Error("away");
    },
  };
  const all = combine({ tickets: failing, accounts: { ...unable, name: "unable", accounts: never }, chat: whole });
  const told: string[] = [];
  const erasing = (async () => {
    const how = { remove: true, signal: new AbortController().signal };
    for await (const { outcome, text } of all.erase?.(ana, how) ?? []) told.push(`${outcome}: ${text}`);
  })();
  await expect(erasing).rejects.toThrow("away");
  expect(told).toEqual([
    "erased: half of it",
    "erased: 1 chat, with all messages.",
    'kept: Everything at "unable": this adapter erases nothing.',
  ]);
  expect(combine({ chat: unable }).erase).toBeUndefined();
});

const never = { signIn: async () => await Promise.reject(new Error("nobody signs in here")) };

test("the name is made of the adapters' names, or given", () => {
  const other = { ...memory(), name: "other" };
  expect(combine({ tickets: memory(), chat: other }).name).toBe("memory-other");
  expect(combine({ name: "mine", tickets: memory() }).name).toBe("mine");
});

test("an adapter without the part that it is given for is reported at once", () => {
  expect(() => combine({ accounts: memory() })).toThrow('the adapter "memory" has no accounts');
});

test("disposing disposes of each adapter once, also of one given twice, also when another fails", async () => {
  const [good, bad] = [vi.fn<() => void>(), vi.fn<() => Promise<void>>(() => Promise.reject(new Error("stuck")))];
  const both = combine({
    chat: { ...named("other"), dispose: bad },
    tickets: { ...memory(), dispose: good },
  });
  await expect(both.dispose?.()).rejects.toThrow("not every adapter");
  await expect(both.dispose?.()).rejects.toThrow("not every adapter");
  expect(good).toHaveBeenCalledOnce();
  expect(bad).toHaveBeenCalledOnce();

  const twice = { ...memory(), dispose: vi.fn<() => void>() };
  await combine({ tickets: twice, chat: twice }).dispose?.();
  expect(twice.dispose).toHaveBeenCalledOnce();
});

test("web hooks keep their names, and every desk is checked", async () => {
  const hook = { accept: async () => undefined, heard: () => undefined };
  async function* check(this: Adapter) {
    yield { level: "good" as const, text: this.name };
  }
  const both = combine({
    tickets: { ...memory(), name: "one", hooks: { one: hook }, check },
    chat: { ...memory(), name: "two", hooks: { two: hook }, check },
  });
  expect(Object.keys(both.hooks ?? {})).toEqual(["one", "two"]);
  const found: string[] = [];
  for await (const { text } of both.check?.(new AbortController().signal) ?? []) found.push(text);
  expect(found).toEqual(["one", "two"]);
});

test("two web hooks with one name, and an unknown option, are refused: nothing is ignored silently", () => {
  const hook = { accept: async () => undefined, heard: () => undefined };
  const desk = (name: string) => ({ ...memory(), name, hooks: { changes: hook } });
  expect(() => combine({ tickets: desk("one"), chat: desk("two") })).toThrow('web hook named "changes"');
  const misspelt = { tickets: memory(), chatt: memory() };
  expect(() => combine(misspelt)).toThrow('combine: the option "chatt" is unknown: did you mean "chat"?');
});

test("two adapters with one name are refused: their stored data could not be told apart", () => {
  expect(() => combine({ tickets: memory(), chat: memory() })).toThrow('combine: two adapters are named "memory"');
});

test("an adapter whose check is undefined checks nothing", () => {
  expect(combine({ tickets: { ...memory(), check: undefined } as unknown as Adapter }).check).toBeUndefined();
});

/** Two independent desks: tickets are in one, chats in the other. */
function twoDesks() {
  const tickets = memory({ accounts: [{ ...anasCredentials, member: ana }], fields: form, articles });
  const chat = { ...memory(), name: "chats" };
  return { tickets, chat, adapter: combine({ tickets, chat, accounts: tickets }) };
}

describeAdapter({
  name: "two desks in one",
  async create() {
    const { adapter, chat, tickets } = twoDesks();
    const { agent: chatAgent } = chat;
    const { agent: ticketAgent } = tickets;
    return {
      adapterFor: async () => adapter,
      backend: {
        ...chatAgent,
        ticket: ticketAgent.ticket,
        ticketCount: ticketAgent.ticketCount,
        replyToTicket: ticketAgent.replyToTicket,
        askForFeedback: ticketAgent.askForFeedback,
        addNote: ticketAgent.addNote,
        resolveTicket: ticketAgent.resolveTicket,
        closeTicket: ticketAgent.closeTicket,
        replyAsParticipant: ticketAgent.replyAsParticipant,
        removeTicket: ticketAgent.removeTicket,
        listeners: () => chatAgent.listeners() + ticketAgent.listeners(),
      },
      members: [ana, boris],
      credentials: anasCredentials,
      answers,
      article,
      dispose: async () => await adapter.dispose?.(),
    };
  },
  gaps: [
    {
      reason: "a ticket of another desk has the conversation's id in its words, not in a place of its own",
      tests: ["a ticket made from a chat has its files, and the two refer to each other"],
    },
    {
      reason: "the memory adapter knows no ticket of another desk",
      tests: ["a chat about a ticket refers to it at the desk"],
    },
  ],
});

describe("a ticket created from a chat of another desk", () => {
  const ctx = { signal: new AbortController().signal, locale: "sl", member: ana };
  const uuid = () => crypto.randomUUID();

  test("has the text and the files of the chat, names it, and the chat is told", async () => {
    const { adapter, chat, tickets } = twoDesks();
    const file = new File(["what I saw"], "posnetek.txt", { type: "text/plain" });
    const uploaded = await adapter.uploads?.upload(file, ctx);
    const open = await adapter.chat?.open(
      { clientId: uuid(), name: "Ana", email: "a@example.org", question: "Ne morem\nplačati" },
      ctx,
    );
    const id = open?.id ?? "";
    const sent = await adapter.chat?.send(id, { clientId: uuid(), text: "", attachments: [uploaded?.id ?? ""] }, ctx);
    expect(sent?.attachments).toMatchObject([{ name: "posnetek.txt", bytes: 10 }]);
    await chat.agent.takeConversation?.(id);
    await chat.agent.say?.(id, "Please file a ticket.");
    const ticket = await adapter.tickets?.create(
      { clientId: uuid(), title: "Plačilo", text: "Kot v klepetu.", conversationId: id, fields: { consent: true } },
      ctx,
    );
    const record = await tickets.agent.ticket(ticket?.id ?? "");
    expect(record?.text).toMatch(/^Kot v klepetu\.\n\n> Ana.*\n> Ne morem\n> plačati\n/);
    expect(record?.text).toContain("> Please file a ticket.");
    expect(record?.text).toContain("> [posnetek.txt]");
    expect(record?.text).toContain(`> (${id})`);
    expect(record?.attachments.map(({ name }) => name)).toEqual(["posnetek.txt"]);
    expect(await adapter.chat?.current?.(ctx)).toMatchObject({ id, ticket: { id: ticket?.id } });
  });
});
