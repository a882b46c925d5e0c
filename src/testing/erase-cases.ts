import { expect } from "vitest";
import type { Adapter, Erasure, Member } from "../core/contract/adapter.ts";
import { by, chatRequest, refusal, uuid, type Case, type Stage } from "./case.ts";
import { picture } from "./upload-cases.ts";

/** Creates data for a member in each part that the desk has. */
async function left(stage: Stage, adapter: Adapter, member: Member) {
  const ticket = await adapter.tickets?.create(stage.draft(), by(member));
  const chat = await adapter.chat?.open(chatRequest(member), by(member));
  if (chat) await adapter.chat?.send(chat.id, { clientId: uuid(), text: "My secret" }, by(member));
  return { ticket, chat };
}

async function erasures({ me, mine, need }: Stage, remove: boolean): Promise<readonly Erasure[]> {
  const { erase } = need(mine, "erase");
  const all: Erasure[] = [];
  for await (const each of erase.call(mine, me, { remove, signal: new AbortController().signal })) all.push(each);
  return all;
}

async function words({ backend }: Stage, conversationId: string): Promise<readonly string[]> {
  const messages = (await backend.conversation?.(conversationId))?.messages ?? [];
  return messages.flatMap(({ author, text }) => (author === "member" ? [text] : []));
}

export const eraseCases: readonly Case[] = [
  {
    title: "a dry run reports what would be erased, and erases nothing",
    async run(stage) {
      stage.need(stage.mine, "erase");
      const { chat, ticket } = await left(stage, stage.mine, stage.me);
      const told = await erasures(stage, false);
      expect(told.length).toBeGreaterThan(0);
      for (const { text } of told) expect(text).not.toContain("My secret");
      if (ticket) expect((await stage.backend.ticket(ticket.id))?.title).toBe(ticket.title);
      if (chat) {
        await stage.mine.chat?.send(chat.id, { clientId: uuid(), text: "Still here" }, by(stage.me));
        if (stage.backend.conversation) expect(await words(stage, chat.id)).toContain("Still here");
      }
      expect(await erasures(stage, false)).toEqual(told);
    },
  },
  {
    title: "erased data is gone, kept data is reported with a reason, and no one else loses anything",
    async run(stage) {
      stage.need(stage.mine, "erase");
      const own = await left(stage, stage.mine, stage.me);
      const others = await left(stage, stage.theirs, stage.them);
      const file = await stage.mine.uploads?.upload(picture(), { ...by(stage.me), clientId: uuid() });
      const told = await erasures(stage, true);
      const kept = told.flatMap(({ outcome, text }) => (outcome === "kept" ? [text] : []));
      for (const text of kept) expect(text.length).toBeGreaterThan(20);

      if (own.ticket && !kept.some((text) => text.includes(`#${own.ticket?.number}`))) {
        expect(await stage.backend.ticket(own.ticket.id).catch(() => undefined)).toBeUndefined();
        const { get } = stage.mine.tickets ?? {};
        if (get) await refusal(get.call(stage.mine.tickets, own.ticket.id, by(stage.me)), "not-found", "forbidden");
      }
      if (own.chat) {
        const send = stage.mine.chat?.send(own.chat.id, { clientId: uuid(), text: "x" }, by(stage.me));
        await refusal(send ?? Promise.resolve(), "not-found");
        expect(await words(stage, own.chat.id)).toEqual([]);
        expect(await stage.mine.chat?.current?.(by(stage.me))).toBeUndefined();
      }
      if (file && stage.mine.uploads?.download && !kept.some((text) => /file/i.test(text))) {
        await refusal(stage.mine.uploads.download(file.id, by(stage.me)), "not-found", "forbidden");
      }

      if (others.ticket) expect((await stage.backend.ticket(others.ticket.id))?.memberId).toBe(stage.them.id);
      if (others.chat) {
        await stage.theirs.chat?.send(others.chat.id, { clientId: uuid(), text: "Mine goes on" }, by(stage.them));
        if (stage.backend.conversation) expect(await words(stage, others.chat.id)).toContain("Mine goes on");
      }
    },
  },
  {
    title: "erasing twice has no further effect",
    async run(stage) {
      stage.need(stage.mine, "erase");
      await left(stage, stage.mine, stage.me);
      await erasures(stage, true);
      expect((await erasures(stage, true)).filter(({ outcome }) => outcome === "erased")).toEqual([]);
    },
  },
];
