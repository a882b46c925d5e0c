import { expect } from "vitest";
import type { ChatApi, ChatEvent } from "../core/contract/adapter.ts";
import { by, chatRequest, uuid, type Case, type Stage } from "./case.ts";
import { watch, type Watch } from "./watch.ts";

const says = (text: string) => (event: ChatEvent) => event.type === "message" && event.message.text === text;
const messageIds = (seen: readonly ChatEvent[]) =>
  seen.flatMap((event) => (event.type === "message" ? [event.message.id] : []));
const marks = (seen: readonly ChatEvent[]) =>
  seen.flatMap((event) =>
    event.type === "delivered" || event.type === "read" ? [`${event.type} ${event.messageId}`] : [],
  );

async function active(stage: Stage): Promise<readonly [ChatApi, string]> {
  const chat = stage.need(stage.mine.chat);
  const backend = stage.need(stage.backend, "takeConversation");
  const { id } = await chat.open(chatRequest(stage.me), by(stage.me));
  await backend.takeConversation(id);
  return [chat, id];
}

function listen(stage: Stage, chat: ChatApi, id: string, cursor?: string): Watch<ChatEvent> {
  return watch((signal) => chat.events(id, cursor, by(stage.me, signal)));
}

export const chatOrderCases: readonly Case[] = [
  {
    title: "a hundred concurrent messages of both sides have the same order in every stream and in history",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "say");
      const [chat, id] = await active(stage);
      const watches = [listen(stage, chat, id), listen(stage, chat, id)];
      const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
      await Promise.all(
        texts.map(async (text, index) => {
          if (index % 2 === 0) await backend.say(id, text);
          else await chat.send(id, { clientId: uuid(), text }, by(me));
        }),
      );
      watches.push(listen(stage, chat, id));
      await Promise.all(watches.flatMap((each) => texts.map((text) => each.until(says(text), text))));
      await Promise.all(watches.map((each) => each.stop()));
      const orders = watches.map((each) => messageIds(each.seen));
      expect(new Set(orders[0]).size).toBe(orders[0]?.length);
      for (const order of orders) expect(order).toEqual(orders[0]);
      if (!chat.history) return;
      const newest = await chat.history(id, undefined, by(me));
      expect(newest.items.map((message) => message.id)).toEqual(orders[0]?.slice(-newest.items.length));
    },
  },
  {
    title: "a chat message sent five times concurrently, and again after an abort, is one message",
    async run(stage) {
      const { me } = stage;
      const [chat, id] = await active(stage);
      const backend = stage.need(stage.backend, "conversation", "say");
      const draft = { clientId: uuid(), text: "once" };
      const broken = new AbortController();
      const gone = chat.send(id, draft, by(me, broken.signal)).catch(() => undefined);
      broken.abort(new Error("the network is gone"));
      const sent = await Promise.all([1, 2, 3, 4, 5].map(() => chat.send(id, draft, by(me))));
      await gone;
      sent.push(await chat.send(id, draft, by(me)));
      expect(new Set(sent.map((message) => message.id)).size).toBe(1);
      await backend.say(id, "the end");
      const live = listen(stage, chat, id);
      await live.until(says("the end"), "the end");
      await live.stop();
      expect(live.seen.filter(says("once"))).toHaveLength(1);
      const record = await backend.conversation(id);
      expect(record?.messages.filter(({ text }) => text === "once")).toHaveLength(1);
    },
  },
  {
    title: "receipts only move forwards, each is sent once, and any cursor is followed by exactly the rest",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "deliver", "read", "say");
      const [chat, id] = await active(stage);
      const send = async (text: string) => (await chat.send(id, { clientId: uuid(), text }, by(me))).id;
      const [first, second, third] = [await send("1"), await send("2"), await send("3")];
      const live = listen(stage, chat, id);
      for (const step of [
        () => backend.deliver(id, second),
        () => backend.deliver(id, first),
        () => backend.deliver(id, second),
        () => backend.read(id, first),
        () => backend.read(id, third),
        () => backend.read(id, second),
        () => backend.read(id, third),
        () => backend.deliver(id, third),
        () => backend.say(id, "the end"),
      ]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await step();
      }
      await live.until(says("the end"), "the end");
      await live.stop();
      const told = marks(live.seen).filter((mark) => mark !== `delivered ${third}`);
      expect(told).toEqual([`delivered ${second}`, `read ${first}`, `read ${third}`]);
      // "Read" implies "delivered", which may be sent before it (once) or omitted.
      expect(marks(live.seen).filter((mark) => mark === `delivered ${third}`).length).toBeLessThanOrEqual(1);

      const kept = live.seen.filter((event) => event.cursor !== undefined);
      const rests = kept.slice(0, -1).map(async (event, index) => {
        const rest = listen(stage, chat, id, event.cursor);
        await rest.until(says("the end"), `the rest after ${event.cursor}`);
        await rest.stop();
        return [index, rest.seen] as const;
      });
      for (const [index, rest] of await Promise.all(rests)) expect(rest).toEqual(kept.slice(index + 1));
    },
  },
  {
    title: "a chat that the agent returns is first in the queue, and the members behind it are notified",
    async run(stage) {
      const { me, them, theirs } = stage;
      const backend = stage.need(stage.backend, "giveBackConversation");
      const [chat, id] = await active(stage);
      const other = stage.need(theirs.chat);
      const waiting = await other.open(chatRequest(them), by(them));
      const ahead = waiting.position ?? Number.NaN;
      const live = listen(stage, chat, id);
      const theirLive = watch((signal) => other.events(waiting.id, undefined, by(them, signal)));
      await backend.giveBackConversation(id);
      const back = await live.until((event) => {
        const taken = live.seen.findIndex((each) => each.type === "conversation" && each.conversation.agent);
        return (
          event.type === "conversation" && !event.conversation.agent && live.seen.indexOf(event) > taken && taken >= 0
        );
      }, "the queue again");
      expect(back).toMatchObject({ conversation: { id, status: "queued", position: 1 } });
      await theirLive.until(
        (event) => event.type === "conversation" && event.conversation.position === ahead + 1,
        "the place behind",
      );
      await Promise.all([live.stop(), theirLive.stop()]);
      expect(await chat.current?.(by(me))).toMatchObject({ id, position: 1 });
    },
  },
  {
    title: "position, wait and grace period are sent only while a chat waits",
    async run(stage) {
      const { me } = stage;
      const chat = stage.need(stage.mine.chat);
      const backend = stage.need(stage.backend, "takeConversation");
      const queued = await chat.open(chatRequest(me), by(me));
      for (const ms of [queued.waitMs, queued.graceMs]) if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0);
      await backend.takeConversation(queued.id);
      const live = listen(stage, chat, queued.id);
      const taken = await live.until(
        (event) => event.type === "conversation" && event.conversation.status === "active",
        "the agent",
      );
      await live.stop();
      if (taken.type !== "conversation") return expect.fail("not reached: it was found by its type");
      const { graceMs, position, waitMs } = taken.conversation;
      expect([graceMs, position, waitMs]).toEqual([undefined, undefined, undefined]);
    },
  },
];
