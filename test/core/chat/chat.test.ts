import { expect, test, vi } from "vitest";
import { ChatModel } from "../../../src/core/chat/chat.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { anasDesk, bench, context } from "../../support/scope.ts";

function open(adapter = anasDesk(), storage = memoryStorage(), locale = "en") {
  const scope = bench(adapter, storage);
  scope.platform.locale.value = locale;
  const hooks = {
    onQueued: vi.fn<() => void>(),
    onPosition: vi.fn<(position: number) => void>(),
    onAgentJoined: vi.fn<() => void>(),
    onMessage: vi.fn<() => void>(),
    onEnded: vi.fn<() => void>(),
  };
  return { adapter, storage, hooks, scope, chat: new ChatModel(scope, hooks) };
}

const request = { name: "Ana", email: "ana@example.org", question: "Kje je naročilo?" };

test("the form leads into the queue, the agent takes over, and words go both ways once", async () => {
  const { adapter, chat, hooks } = open();
  await chat.load();
  chat.fill(request);
  await chat.start();
  expect(chat.conversation.value).toMatchObject({ status: "queued", position: 1 });
  const id = chat.conversation.value!.id;
  await adapter.agent.takeConversation(id);
  await adapter.agent.say(id, "Hello");
  await expect.poll(() => chat.conversation.value?.status).toBe("active");
  chat.write("Pozdravljeni");
  await chat.send();
  await expect
    .poll(() => chat.messages.value.map(({ text }) => text))
    .toEqual(["Kje je naročilo?", "Hello", "Pozdravljeni"]);
  expect(chat.pending.value).toEqual([]);
  expect(hooks.onAgentJoined).toHaveBeenCalledTimes(1);
});

test("a team that doesn't speak the language is announced before the queue", async () => {
  const { chat } = open(undefined, undefined, "sl");
  await chat.load();
  chat.fill(request);
  await chat.start();
  expect(chat.languageNotice.value).toBe(true);
  expect(chat.conversation.value).toBeUndefined();
  await chat.startAnyway();
  expect(chat.conversation.value?.status).toBe("queued");
});

test("when nobody is there the queue is not joined", async () => {
  const { chat } = open(anasDesk({ availability: { open: false } }));
  await chat.load();
  chat.fill(request);
  await chat.start();
  expect(chat.conversation.value).toBeUndefined();
  expect(chat.form.value.question).toBe(request.question);
});

test("a start whose answer is lost is asked for again by itself, and joins the queue once", async () => {
  const { adapter, chat } = open();
  const join = adapter.chat!.open.bind(adapter.chat);
  const spy = vi.spyOn(adapter.chat!, "open").mockImplementationOnce(async (...args) => {
    await join(...args);
    throw new Error("the answer was lost");
  });
  chat.fill(request);
  await chat.start();
  expect(chat.startTrouble.value).toBe("unknown");
  expect(chat.form.value.question).toBe(request.question);
  await expect.poll(() => chat.conversation.value?.position).toBe(1);
  const [[first], [second]] = spy.mock.calls as unknown as [[{ clientId: string }], [{ clientId: string }]];
  expect(second.clientId).toBe(first.clientId);
});

test("a reload finds the conversation and everything said in it", async () => {
  const before = open();
  before.chat.fill(request);
  await before.chat.start();
  before.chat[Symbol.dispose]();
  const after = open(before.adapter, before.storage);
  await after.chat.load();
  await expect.poll(() => after.chat.messages.value.map(({ text }) => text)).toEqual([request.question]);
});

test("the agent's messages count as unread until they are seen", async () => {
  const { adapter, chat } = open();
  chat.fill(request);
  await chat.start();
  const id = chat.conversation.value!.id;
  await adapter.agent.takeConversation(id);
  await adapter.agent.say(id, "one");
  await adapter.agent.say(id, "two");
  await expect.poll(() => chat.unread.value).toBe(2);
  chat.seen();
  expect(chat.unread.value).toBe(0);
});

test("what was seen before a reload is not unread after it", async () => {
  const before = open();
  before.chat.fill(request);
  await before.chat.start();
  const id = before.chat.conversation.value!.id;
  await before.adapter.agent.takeConversation(id);
  await before.adapter.agent.say(id, "one");
  await expect.poll(() => before.chat.unread.value).toBe(1);
  before.chat.seen();
  before.chat[Symbol.dispose]();
  await before.adapter.agent.say(id, "two");
  const after = open(before.adapter, before.storage);
  await after.chat.load();
  await expect.poll(() => after.chat.messages.value.length).toBe(3);
  expect(after.chat.unread.value).toBe(1);
});

test("disposing leaves no listener at the desk", async () => {
  const { adapter, chat } = open();
  chat.fill(request);
  await chat.start();
  await expect.poll(() => adapter.agent.listeners()).toBe(1);
  chat[Symbol.dispose]();
  await expect.poll(() => adapter.agent.listeners()).toBe(0);
  expect((await adapter.chat?.current?.(context()))?.status).toBe("queued");
});

test("words that come while the member can't see the widget are unread, and the agent is not told that they were read", async () => {
  const { adapter, chat, scope } = open();
  await chat.load();
  chat.fill(request);
  await chat.start();
  const id = chat.conversation.value!.id;
  await adapter.agent.takeConversation(id);
  const markRead = vi.spyOn(adapter.chat!, "markRead");
  scope.platform.visible.value = false;
  await adapter.agent.say(id, "Are you there?");
  await expect.poll(() => chat.news.value?.text).toBe("Are you there?");
  chat.seen();
  expect(chat.unread.value).toBe(1);
  expect(markRead).not.toHaveBeenCalled();
  scope.platform.visible.value = true;
  chat.seen();
  expect(chat.unread.value).toBe(0);
  expect(markRead).toHaveBeenCalledTimes(1);
});

test("an agent who is said to write and never to stop is not shown as writing for ever", async () => {
  const { adapter, chat } = open();
  await chat.load();
  chat.fill(request);
  await chat.start();
  const id = chat.conversation.value!.id;
  await adapter.agent.takeConversation(id);
  await expect.poll(() => chat.conversation.value?.status).toBe("active");
  vi.useFakeTimers();
  await adapter.agent.type(id, true);
  await vi.waitUntil(() => chat.agentTyping.value !== undefined);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(chat.agentTyping.value).toBeDefined();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(chat.agentTyping.value).toBeUndefined();
  vi.useRealTimers();
});

test("a chat that runs already is no news on the next page: neither its agent nor what was said", async () => {
  const adapter = anasDesk();
  const before = open(adapter);
  await before.chat.load();
  before.chat.fill(request);
  await before.chat.start();
  const id = before.chat.conversation.value!.id;
  await adapter.agent.takeConversation(id);
  await adapter.agent.say(id, "Hello");
  await expect.poll(() => before.chat.messages.value.length).toBe(2);
  const { chat, hooks } = open(adapter);
  await chat.load();
  await expect.poll(() => chat.messages.value.length).toBe(2);
  expect(chat.news.value).toBeUndefined();
  expect([hooks.onQueued.mock.calls.length, hooks.onAgentJoined.mock.calls.length]).toEqual([0, 0]);
  await adapter.agent.say(id, "Still there?");
  await expect.poll(() => chat.news.value?.text).toBe("Still there?");
});
