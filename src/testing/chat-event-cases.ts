import { expect } from "vitest";
import type { ChatApi, ChatEvent, Conversation } from "../core/contract/adapter.ts";
import { by, chatRequest, uuid, type Case, type Stage } from "./case.ts";
import { expectOver, untilListeners, watch, type Watch } from "./watch.ts";

const says = (text: string) => (event: ChatEvent) => event.type === "message" && event.message.text === text;
const is = (status: Conversation["status"]) => (event: ChatEvent) =>
  event.type === "conversation" && event.conversation.status === status;

function messageIds(seen: readonly ChatEvent[]): readonly string[] {
  return seen.flatMap((event) => (event.type === "message" ? [event.message.id] : []));
}

async function opened(stage: Stage, question?: string): Promise<readonly [ChatApi, string]> {
  const chat = stage.need(stage.mine.chat);
  const { id } = await chat.open(chatRequest(stage.me, question), by(stage.me));
  return [chat, id];
}

function listen(stage: Stage, chat: ChatApi, id: string, cursor?: string): Watch<ChatEvent> {
  return watch((signal) => chat.events(id, cursor, by(stage.me, signal)));
}

export const chatEventCases: readonly Case[] = [
  {
    title: "an agent joins, both sides write, and every message arrives once",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "takeConversation", "say", "conversation");
      const [chat, id] = await opened(stage, "Pozdravljeni");
      const live = listen(stage, chat, id);
      await live.until(says("Pozdravljeni"), "the member's question");
      await backend.takeConversation(id);
      const joined = await live.until(is("active"), "the agent");
      expect(joined).toMatchObject({ conversation: { id, agent: { role: "agent" } } });
      await backend.say(id, "Hello <b>Ana</b> 👋");
      const draft = { clientId: uuid(), text: "Živjo" };
      await chat.send(id, draft, by(me));
      await live.until(says("Hello <b>Ana</b> 👋"), "the agent's message");
      await live.until(says("Živjo"), "the member's own echo");
      await backend.say(id, "Bye");
      await live.until(says("Bye"), "the last message");
      await live.stop();
      const ids = messageIds(live.seen);
      expect(new Set(ids).size).toBe(ids.length);
      expect(live.seen.find(says("Živjo"))).toMatchObject({
        message: { clientId: draft.clientId, author: { role: "member" } },
      });
      const spoken = (await backend.conversation(id))?.messages.filter((message) => message.author !== "system");
      expect(spoken?.map((message) => [message.author, message.text])).toEqual([
        ["member", "Pozdravljeni"],
        ["agent", "Hello <b>Ana</b> 👋"],
        ["member", "Živjo"],
        ["agent", "Bye"],
      ]);
    },
  },
  {
    title: "a message that an agent corrects stays one message with the new text",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "takeConversation", "say", "correct");
      const [chat, id] = await opened(stage);
      await backend.takeConversation(id);
      const live = listen(stage, chat, id);
      await backend.say(id, "Restrat it");
      const before = await live.until(says("Restrat it"), "the message");
      await backend.correct(id, "Restart it");
      const after = await live.until(says("Restart it"), "the correction");
      await live.stop();
      expect(messageIds([after])).toEqual(messageIds([before]));
      const later = listen(stage, chat, id);
      await later.until(says("Restart it"), "the correction, to whoever comes later");
      await later.stop();
      expect(later.seen.filter(says("Restrat it"))).toEqual([]);
      if (!chat.history) return;
      const { items } = await chat.history(id, undefined, by(me));
      expect(items.filter(({ author }) => author.role === "agent").map(({ text }) => text)).toEqual(["Restart it"]);
    },
  },
  {
    title: "a message that an agent retracts disappears, live and for later readers",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "takeConversation", "say", "retract");
      const [chat, id] = await opened(stage);
      await backend.takeConversation(id);
      const live = listen(stage, chat, id);
      await backend.say(id, "a secret");
      const said = await live.until(says("a secret"), "the message");
      await backend.retract(id);
      const isGone = (event: ChatEvent) =>
        event.type === "message-removed" && said.type === "message" && event.messageId === said.message.id;
      await live.until(isGone, "that it is gone");
      await live.stop();
      await backend.say(id, "the end");
      const later = listen(stage, chat, id);
      await later.until(says("the end"), "what came after it");
      await later.stop();
      expect(later.seen.filter(says("a secret"))).toEqual([]);
      if (!chat.history) return;
      const { items } = await chat.history(id, undefined, by(me));
      expect(items.map(({ text }) => text)).not.toContain("a secret");
    },
  },
  {
    title: "everyone sees the messages in the same order, whenever they joined",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "takeConversation", "say");
      const [chat, id] = await opened(stage);
      await backend.takeConversation(id);
      const early = listen(stage, chat, id);
      const texts = Array.from({ length: 10 }, (_, index) => `message ${index}`);
      await Promise.all(
        texts.map(async (text, index) => {
          if (index % 2 === 0) await backend.say(id, text);
          else await chat.send(id, { clientId: uuid(), text }, by(me));
        }),
      );
      const late = listen(stage, chat, id);
      const everything = texts.flatMap((text) => [
        early.until(says(text), `${text} (early)`),
        late.until(says(text), `${text} (late)`),
      ]);
      await Promise.all(everything);
      await Promise.all([early.stop(), late.stop()]);
      expect(messageIds(late.seen)).toEqual(messageIds(early.seen));
      expect(new Set(messageIds(early.seen)).size).toBe(messageIds(early.seen).length);
    },
  },
  {
    title: "chat events resume after any cursor, without gaps or duplicates",
    async run(stage) {
      const backend = stage.need(stage.backend, "takeConversation", "say");
      const [chat, id] = await opened(stage, "0");
      await backend.takeConversation(id);
      const first = listen(stage, chat, id);
      await backend.say(id, "1");
      await first.until(says("1"), "the first message");
      await first.stop();
      await backend.say(id, "2");
      await backend.say(id, "3");
      const resumed = listen(stage, chat, id, first.cursor());
      await resumed.until(says("3"), "what was missed");
      await backend.say(id, "4");
      await resumed.until(says("4"), "what is live");
      await resumed.stop();
      const texts = [...first.seen, ...resumed.seen].flatMap((event) =>
        event.type === "message" && event.message.author.role !== "system" ? [event.message.text] : [],
      );
      expect(texts).toEqual(["0", "1", "2", "3", "4"]);

      const whole = listen(stage, chat, id);
      await whole.until(says("4"), "the whole conversation");
      await whole.stop();
      const cursors = whole.seen.flatMap((event) => (event.cursor === undefined ? [] : [event.cursor]));
      expect(cursors.length).toBeGreaterThan(0);
      const rests = await Promise.all(
        whole.seen.slice(0, -1).map(async (event, index) => {
          if (event.cursor === undefined || whole.seen.slice(index + 1).every((later) => later.type !== "message")) {
            return undefined;
          }
          const rest = listen(stage, chat, id, event.cursor);
          await rest.until(says("4"), `the rest after ${event.cursor}`);
          await rest.stop();
          return [index, messageIds(rest.seen)] as const;
        }),
      );
      for (const rest of rests) {
        if (rest) expect(rest[1]).toEqual(messageIds(whole.seen.slice(rest[0] + 1)));
      }
    },
  },
  {
    title: "chat events end on abort and leave no subscription",
    async run(stage) {
      const { me, backend } = stage;
      const [chat, id] = await opened(stage);
      const before = await backend.listeners();
      const watches = [1, 2, 3].map(() => listen(stage, chat, id));
      await untilListeners(backend, before + 3);
      await Promise.all(watches.map((each) => each.stop()));
      await untilListeners(backend, before);
      const reason = new Error("before");
      await expectOver(chat.events(id, undefined, by(me, AbortSignal.abort(reason))), reason);
      await untilListeners(backend, before);
    },
  },
  {
    title: "a reader who stops iterating leaves no subscription",
    async run(stage) {
      const { me, backend } = stage;
      const [chat, id] = await opened(stage);
      const before = await backend.listeners();
      for await (const event of chat.events(id, undefined, by(me))) {
        if (event.type === "message") break;
      }
      await untilListeners(backend, before);
    },
  },
  {
    title: "the agent's typing indicator appears and disappears",
    async run(stage) {
      const backend = stage.need(stage.backend, "takeConversation", "type");
      const [chat, id] = await opened(stage, "Here");
      const before = await backend.listeners();
      await backend.takeConversation(id);
      const live = listen(stage, chat, id);
      await live.until(says("Here"), "the question");
      await untilListeners(backend, before + 1);
      await backend.type(id, true);
      const typing = await live.until((event) => event.type === "typing" && event.typing, "typing");
      expect(typing).toMatchObject({ author: { role: "agent" } });
      await backend.type(id, false);
      await live.until((event) => event.type === "typing" && !event.typing, "the end of typing");
      await live.stop();
    },
  },
  {
    title: "the member can send typing and read notifications",
    async run(stage) {
      const { me } = stage;
      const chat = stage.need(stage.mine.chat, "setTyping", "markRead");
      const [, id] = await opened(stage, "Read me");
      const live = listen(stage, chat, id);
      const event = await live.until(says("Read me"), "the question");
      await live.stop();
      await expect(chat.setTyping(id, true, by(me))).resolves.toBeUndefined();
      await expect(chat.setTyping(id, false, by(me))).resolves.toBeUndefined();
      if (event.type === "message") {
        await expect(chat.markRead(id, event.message.id, by(me))).resolves.toBeUndefined();
      }
    },
  },
  {
    title: "the agent's request for a ticket reaches the member",
    async run(stage) {
      const backend = stage.need(stage.backend, "takeConversation", "requestTicket");
      const [chat, id] = await opened(stage);
      const live = listen(stage, chat, id);
      await backend.takeConversation(id);
      await backend.requestTicket(id);
      const event = await live.until((each) => each.type === "ticket-requested", "the wish for a ticket");
      expect(event).toMatchObject({ by: { role: "agent" } });
      // A member who returns later learns of it from `current`.
      if (chat.current)
        expect(await chat.current(by(stage.me))).toMatchObject({ ticketRequestedBy: { role: "agent" } });
      await live.stop();
    },
  },
  {
    title: "the end of a chat reaches the member",
    async run(stage) {
      const backend = stage.need(stage.backend, "endConversation");
      const [chat, id] = await opened(stage);
      const live = listen(stage, chat, id);
      await backend.endConversation(id);
      const event = await live.until(is("ended"), "the end");
      expect(event).toMatchObject({ conversation: { id } });
      await live.stop();
    },
  },
];
