import { signal } from "@preact/signals-core";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { followChatNews } from "../../../src/embed/page/chat-alerts.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function follow() {
  const chat = {
    conversation: signal({ id: "c1" }),
    joined: signal<object | undefined>(undefined),
    news: signal<object | undefined>(undefined),
    unread: signal(0),
  };
  const looksAtChat = signal(false);
  const tell = vi.fn<(id: string, title: string) => Promise<void>>(async () => undefined);
  const widget = { chat: signal(chat), looksAtChat } as unknown as Parameters<typeof followChatNews>[0];
  const t = (key: string, { name = "" } = {}) => `${key} ${name}`;
  const stop = followChatNews(
    widget,
    { tell } as unknown as Parameters<typeof followChatNews>[1],
    { t } as unknown as Parameters<typeof followChatNews>[2],
  );
  onTestFinished(stop);
  function say(id: string) {
    chat.unread.value += 1;
    chat.news.value = { id, author: { role: "agent", name: "Nina" } };
  }
  return { chat, looksAtChat, tell, say, stop };
}

test("an agent who joins is announced, once for the chat and the agent", () => {
  const { chat, tell } = follow();
  chat.joined.value = { id: "nina", name: "Nina" };
  expect(tell.mock.calls).toEqual([["c1/nina", "chat.yourTurn Nina"]]);
});

test("unseen messages are announced, without their text", () => {
  const { tell, say } = follow();
  say("m1");
  vi.advanceTimersByTime(2_000);
  expect(tell.mock.calls).toEqual([["message/m1", "chat.newFrom Nina"]]);
});

test("messages that the member sees, here or in another tab, are not", () => {
  const { chat, looksAtChat, tell, say } = follow();
  looksAtChat.value = true;
  say("m1");
  looksAtChat.value = false;
  vi.advanceTimersByTime(2_000);
  say("m2");
  // The tab that shows the chat reports that they were seen.
  chat.unread.value = 0;
  vi.advanceTimersByTime(2_000);
  expect(tell).not.toHaveBeenCalled();
});

test("when the widget is destroyed, there are no more alerts and no timer is left", () => {
  const { tell, say, stop } = follow();
  say("m1");
  stop();
  expect(vi.getTimerCount()).toBe(0);
  say("m2");
  vi.advanceTimersByTime(2_000);
  expect(tell).not.toHaveBeenCalled();
});
