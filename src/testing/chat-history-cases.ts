import { expect } from "vitest";
import type { ChatApi, ChatEvent, ChatHistory, Message } from "../core/contract/adapter.ts";
import { allPagesBefore, by, chatRequest, refusal, uuid, type Case, type Stage, type With } from "./case.ts";
import { watch, type Watch } from "./watch.ts";

type HistoryApi = ChatApi & With<ChatApi, "history">;

const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);
const messagesIn = (seen: readonly ChatEvent[]) =>
  seen.flatMap((event) => (event.type === "message" ? [event.message] : []));
const says = (text: string) => (event: ChatEvent) => event.type === "message" && event.message.text === text;

/** An active chat in which the agent has sent "0", "1" … after the question. */
async function talked(stage: Stage, count: number): Promise<readonly [HistoryApi, string]> {
  const chat = stage.need(stage.mine.chat, "history");
  const backend = stage.need(stage.backend, "takeConversation", "say");
  const { id } = await chat.open(chatRequest(stage.me, "Where is my order?"), by(stage.me));
  await backend.takeConversation(id);
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (let index = 0; index < count; index += 1) await backend.say(id, String(index));
  return [chat, id];
}

async function everything(chat: HistoryApi, id: string, stage: Stage): Promise<readonly Message[]> {
  return await allPagesBefore(async (before) => await chat.history(id, before, by(stage.me)));
}

export const chatHistoryCases: readonly Case[] = [
  {
    title: "a chat's pages reach back to its start without gaps or duplicates, each in chronological order",
    async run(stage) {
      const [chat, id] = await talked(stage, 130);
      const whole = await everything(chat, id, stage);
      const spoken = whole.filter(({ author }) => author.role !== "system").map(({ text }) => text);
      expect(spoken).toEqual(["Where is my order?", ...Array.from({ length: 130 }, (_, index) => String(index))]);
      expect(new Set(ids(whole)).size).toBe(whole.length);

      const live = watch((signal) => chat.events(id, undefined, by(stage.me, signal)));
      await live.until(says("129"), "the last message");
      await live.stop();
      expect(ids(messagesIn(live.seen))).toEqual(ids(whole));
    },
  },
  {
    title: "the newest page and the events after its cursor join seamlessly while messages arrive",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "takeConversation", "say");
      const [chat, id] = await talked(stage, 60);
      const joined: { readonly first: ChatHistory; readonly live: Watch<ChatEvent> }[] = [];
      for (let index = 0; index < 10; index += 1) {
        // oxlint-disable-next-line no-await-in-loop -- each at a different time
        const [first] = await Promise.all([
          chat.history(id, undefined, by(me)),
          backend.say(id, `at once ${index}`),
          chat.send(id, { clientId: uuid(), text: `at once too ${index}` }, by(me)),
        ]);
        joined.push({ first, live: watch((signal) => chat.events(id, first.cursor, by(me, signal))) });
      }
      await backend.say(id, "the end");
      await Promise.all(joined.map(({ live }) => live.until(says("the end"), "the end")));
      await Promise.all(joined.map(({ live }) => live.stop()));
      const whole = ids(await everything(chat, id, stage));
      for (const { first, live } of joined) {
        const seen = [...ids(first.items), ...ids(messagesIn(live.seen))];
        expect(seen).toEqual(whole.slice(-seen.length));
      }
    },
  },
  {
    title: "the newest page has the receipts before its cursor",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "deliver", "read", "say");
      const [chat, id] = await talked(stage, 0);
      const first = await chat.send(id, { clientId: uuid(), text: "first" }, by(me));
      const second = await chat.send(id, { clientId: uuid(), text: "second" }, by(me));
      const fresh = await chat.history(id, undefined, by(me));
      expect([fresh.delivered, fresh.read]).toEqual([undefined, undefined]);
      await backend.read(id, first.id);
      await backend.deliver(id, second.id);
      await backend.say(id, "newest");
      const page = await chat.history(id, undefined, by(me));
      expect([page.delivered, page.read]).toEqual([second.id, first.id]);
    },
  },
  {
    title: "the last chat can be read after it has ended",
    async run(stage) {
      const { me, them, theirs } = stage;
      const chat = stage.need(stage.mine.chat, "last", "history");
      const backend = stage.need(stage.backend, "endConversation");
      expect(await chat.last(by(me))).toBeUndefined();
      const { id } = await chat.open(chatRequest(me, "First"), by(me));
      expect(await chat.last(by(me))).toMatchObject({ id, status: "queued" });
      await backend.endConversation(id);
      expect(await chat.last(by(me))).toMatchObject({ id, status: "ended" });
      expect((await chat.history(id, undefined, by(me))).items.map(({ text }) => text)).toContain("First");
      expect(await theirs.chat?.last?.(by(them))).toBeUndefined();

      const next = await chat.open(chatRequest(me, "Second"), by(me));
      expect(next.id).not.toBe(id);
      expect(await chat.last(by(me))).toMatchObject({ id: next.id });
    },
  },
  {
    title: "a chat that has ended sends no new events, and its past events can still be read",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "takeConversation", "say", "endConversation");
      const [chat, id] = await talked(stage, 3);
      await backend.endConversation(id);
      const live = watch((signal) => chat.events(id, undefined, by(me, signal)));
      await live.until((event) => event.type === "conversation" && event.conversation.status === "ended", "the end");
      const told = messagesIn(live.seen).length;
      await refusal(chat.send(id, { clientId: uuid(), text: "too late" }, by(me)), "invalid");
      await live.stop();
      expect(messagesIn(live.seen)).toHaveLength(told);
      expect((await everything(chat, id, stage)).map(({ text }) => text)).not.toContain("too late");
    },
  },
  {
    title: "an invalid history cursor is refused as invalid",
    async run(stage) {
      const [chat, id] = await talked(stage, 1);
      await refusal(chat.history(id, "no page", by(stage.me)), "invalid");
      await refusal(chat.history(id, "-1", by(stage.me)), "invalid");
    },
  },
];
