import { expect } from "vitest";
import type { ChatApi, Member } from "../core/contract/adapter.ts";
import { by, chatRequest, firstOf, refusal, uuid, type Case, type Stage, type With } from "./case.ts";
import { watch } from "./watch.ts";

function chatOf<K extends keyof ChatApi = never>(stage: Stage, ...names: readonly K[]): ChatApi & With<ChatApi, K> {
  return stage.need(stage.mine.chat, ...names);
}

/** The adapter's methods that take a conversation's id. */
function byConversationId(chat: ChatApi, member: Member): readonly ((id: string) => Promise<unknown>)[] {
  const calls: ((id: string) => Promise<unknown>)[] = [
    async (id) => await chat.send(id, { clientId: uuid(), text: "x" }, by(member)),
    async (id) => await firstOf(chat.events(id, undefined, by(member))),
  ];
  if (chat.setTyping) calls.push(async (id) => await chat.setTyping?.(id, true, by(member)));
  if (chat.markRead) calls.push(async (id) => await chat.markRead?.(id, "1", by(member)));
  if (chat.close) calls.push(async (id) => await chat.close?.(id, by(member)));
  if (chat.history) calls.push(async (id) => await chat.history?.(id, undefined, by(member)));
  if (chat.mailTranscript) calls.push(async (id) => await chat.mailTranscript?.(id, by(member)));
  if (chat.rate) calls.push(async (id) => await chat.rate?.(id, { score: 1 }, by(member)));
  return calls;
}

export const chatCases: readonly Case[] = [
  {
    title: "availability is open or closed, and includes only known facts",
    async run(stage) {
      const chat = chatOf(stage, "availability");
      const availability = await chat.availability(by(stage.me));
      expect(typeof availability?.open).toBe("boolean");
      if (availability?.opensAt !== undefined) expect(Date.parse(availability.opensAt)).not.toBeNaN();
      if (availability?.waitMs !== undefined) expect(availability.waitMs).toBeGreaterThanOrEqual(0);
      for (const language of availability?.languages ?? []) expect(Intl.getCanonicalLocales(language)).toHaveLength(1);
    },
  },
  {
    title: "opening a chat joins the queue with the member's question",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const chat = chatOf(stage);
      const question = "Kje je moje naročilo? <b>🐎</b>";
      const conversation = await chat.open(chatRequest(me, question), by(me));
      expect(conversation.status).toBe("queued");
      expect(conversation.position).toBeGreaterThanOrEqual(1);
      const record = await backend.conversation(conversation.id);
      expect(record).toMatchObject({ id: conversation.id, status: "queued", memberId: me.id });
      expect(record?.messages.filter((message) => message.text === question)).toHaveLength(1);
    },
  },
  {
    title: "opening the same chat several times concurrently joins the queue once",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const chat = chatOf(stage);
      const request = chatRequest(me, "Only once, please");
      const opened = await Promise.all([1, 2, 3].map(() => chat.open(request, by(me))));
      opened.push(await chat.open(request, by(me)));
      expect(new Set(opened.map((conversation) => conversation.id)).size).toBe(1);
      expect(new Set(opened.map((conversation) => conversation.position)).size).toBe(1);
      const record = await backend.conversation(opened[0]?.id ?? "");
      expect(record?.messages.filter((message) => message.text === "Only once, please")).toHaveLength(1);
    },
  },
  {
    title: "opening a chat while one is open resumes it",
    async run(stage) {
      const { me } = stage;
      const chat = chatOf(stage);
      const first = await chat.open(chatRequest(me), by(me));
      const second = await chat.open(chatRequest(me, "Hello again"), by(me));
      expect(second.id).toBe(first.id);
      expect(second.position).toBe(first.position);
    },
  },
  {
    title: "the current conversation is returned until it ends",
    async run(stage) {
      const { me, them, theirs } = stage;
      const backend = stage.need(stage.backend, "endConversation");
      const chat = chatOf(stage, "current");
      expect(await chat.current(by(me))).toBeUndefined();
      const conversation = await chat.open(chatRequest(me), by(me));
      expect(await chat.current(by(me))).toMatchObject({ id: conversation.id, status: "queued" });
      expect(await theirs.chat?.current?.(by(them))).toBeUndefined();
      await backend.endConversation(conversation.id);
      expect(await chat.current(by(me))).toBeUndefined();
    },
  },
  {
    title: "two members queue in order, and the second moves up",
    async run(stage) {
      const { me, them, theirs } = stage;
      const backend = stage.need(stage.backend, "takeConversation");
      const chat = chatOf(stage);
      const other = stage.need(theirs.chat);
      const first = await chat.open(chatRequest(me), by(me));
      const second = await other.open(chatRequest(them), by(them));
      const ahead = first.position ?? Number.NaN;
      expect(second.position).toBe(ahead + 1);
      const live = watch((signal) => other.events(second.id, undefined, by(them, signal)));
      await backend.takeConversation(first.id);
      await live.until(
        (event) => event.type === "conversation" && event.conversation.position === ahead,
        "the new position",
      );
      await live.stop();
    },
  },
  {
    title: "the same chat message sent several times concurrently is one message",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const chat = chatOf(stage);
      const { id } = await chat.open(chatRequest(me), by(me));
      const draft = { clientId: uuid(), text: "<i>once</i> 👩🏽‍🚀\nשלום" };
      const sent = await Promise.all([1, 2, 3].map(() => chat.send(id, draft, by(me))));
      sent.push(await chat.send(id, draft, by(me)));
      expect(new Set(sent.map((message) => message.id)).size).toBe(1);
      expect(sent[0]).toMatchObject({ clientId: draft.clientId, text: draft.text, author: { role: "member" } });
      const record = await backend.conversation(id);
      expect(record?.messages.filter((message) => message.text === draft.text)).toHaveLength(1);
    },
  },
  {
    title: "an empty chat message is refused",
    async run(stage) {
      const { me } = stage;
      const chat = chatOf(stage);
      const { id } = await chat.open(chatRequest(me), by(me));
      await refusal(chat.send(id, { clientId: uuid(), text: "" }, by(me)), "invalid");
    },
  },
  {
    title: "a chat call with an already aborted signal rejects with the signal's reason and has no effect",
    async run(stage) {
      const { me, backend } = stage;
      const chat = chatOf(stage);
      const { id } = await chat.open(chatRequest(me), by(me));
      const reason = new Error("closed");
      const ctx = by(me, AbortSignal.abort(reason));
      const calls = [
        chat.open(chatRequest(me), ctx),
        chat.send(id, { clientId: uuid(), text: "never" }, ctx),
        chat.availability?.(ctx),
        chat.current?.(ctx),
        chat.last?.(ctx),
        chat.history?.(id, undefined, ctx),
        chat.mailTranscript?.(id, ctx),
        chat.setTyping?.(id, true, ctx),
        chat.markRead?.(id, "1", ctx),
        chat.close?.(id, ctx),
        chat.rate?.(id, { score: 5 }, ctx),
      ].filter((call) => call !== undefined);
      const settled = await Promise.allSettled(calls);
      for (const call of settled) expect(call).toEqual({ status: "rejected", reason });
      const record = await backend.conversation?.(id);
      if (record === undefined) return;
      expect(record.status).toBe("queued");
      expect(record.messages.some((message) => message.text === "never")).toBe(false);
    },
  },
  {
    title: "leaving a chat ends it, and leaving again has no effect",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const chat = chatOf(stage, "close");
      const { id } = await chat.open(chatRequest(me), by(me));
      await chat.close(id, by(me));
      await chat.close(id, by(me));
      expect((await backend.conversation(id))?.status).toBe("ended");
      const next = await chat.open(chatRequest(me), by(me));
      expect(next.id).not.toBe(id);
    },
  },
  {
    title: "a rating reaches the desk",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation", "endConversation");
      const chat = chatOf(stage, "rate");
      const { id } = await chat.open(chatRequest(me), by(me));
      await backend.endConversation(id);
      await chat.rate(id, { score: 4, comment: "Hvala!" }, by(me));
      expect((await backend.conversation(id))?.rating).toBe(4);
    },
  },
  {
    title: "the transcript is mailed to the member's own address, and requesting it again succeeds",
    async run(stage) {
      const { me } = stage;
      const chat = chatOf(stage, "mailTranscript");
      const { id } = await chat.open(chatRequest(me), by(me));
      await expect(chat.mailTranscript(id, by(me))).resolves.toBeUndefined();
      await expect(chat.mailTranscript(id, by(me))).resolves.toBeUndefined();
    },
  },
  {
    title: "another member can't read or write in my chat: it is not found",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const { id } = await chatOf(stage).open(chatRequest(me, "Mine"), by(me));
      const other = stage.need(theirs.chat);
      await Promise.all(byConversationId(other, them).map((call) => refusal(call(id), "not-found")));
      const record = await backend.conversation?.(id);
      if (record === undefined) return;
      expect(record).toMatchObject({ status: "queued", memberId: me.id });
      expect(record.rating).toBeUndefined();
      expect(record.messages.some((message) => message.text === "x")).toBe(false);
    },
  },
  {
    title: "an unknown conversation id is not found",
    async run(stage) {
      const calls = byConversationId(chatOf(stage), stage.me);
      const ids = ["999999999", uuid(), "../1", "1 OR 1=1"];
      await Promise.all(ids.flatMap((id) => calls.map((call) => refusal(call(id), "not-found"))));
    },
  },
];
