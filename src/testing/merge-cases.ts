import { expect } from "vitest";
import type { Member } from "../core/contract/adapter.ts";
import { by, chatRequest, refusal, uuid, type Case, type Stage } from "./case.ts";
import { picture } from "./upload-cases.ts";

/** A new, unique guest. */
const aGuest = (): Member => ({ id: `guest:${uuid()}`, guest: true });

/** Signs the guest in as the first member. */
function mergeOf({ subject, mine, me, need }: Stage): (guest: Member) => Promise<void> {
  const { merge: atGateway } = subject;
  if (atGateway) return async (guest) => await atGateway.call(subject, guest, me);
  const adapter = need(mine, "merge");
  return async (guest) => await adapter.merge(guest, by(me));
}

export const mergeCases: readonly Case[] = [
  {
    title: "a guest's chat is the member's after sign-in, with all messages",
    async run(stage) {
      const merge = mergeOf(stage);
      const { me } = stage;
      const guest = aGuest();
      const theirs = stage.need((await stage.subject.adapterFor(guest)).chat);
      const backend = stage.need(stage.backend, "conversation", "takeConversation", "say");
      const { id } = await theirs.open(chatRequest(guest, "Asked as a guest"), by(guest));
      await backend.takeConversation(id);
      await theirs.send(id, { clientId: uuid(), text: "Said as a guest" }, by(guest));
      await merge(guest);
      const chat = stage.need(stage.mine.chat, "current");
      expect(await chat.current(by(me))).toMatchObject({ id, status: "active" });
      await chat.send(id, { clientId: uuid(), text: "Said as a member" }, by(me));
      await backend.say(id, "Hello");
      const record = await backend.conversation(id);
      expect(record?.memberId).toBe(me.id);
      expect(record?.messages.filter(({ author }) => author !== "system").map(({ text }) => text)).toEqual([
        "Asked as a guest",
        "Said as a guest",
        "Said as a member",
        "Hello",
      ]);
      const history = await stage.mine.chat?.history?.(id, undefined, by(me));
      const own = history?.items.filter(({ author }) => author.role === "member").map(({ text }) => text);
      if (history) expect(own).toEqual(["Asked as a guest", "Said as a guest", "Said as a member"]);
    },
  },
  {
    title: "a guest's old token has no access to the member's data after sign-in",
    async run(stage) {
      const merge = mergeOf(stage);
      const guest = aGuest();
      const adapter = await stage.subject.adapterFor(guest);
      const chat = stage.need(adapter.chat);
      const { id } = await chat.open(chatRequest(guest), by(guest));
      const file = await adapter.uploads?.upload(picture(), by(guest));
      await merge(guest);
      await refusal(chat.send(id, { clientId: uuid(), text: "x" }, by(guest)), "not-found", "unauthorized");
      if (chat.current) {
        const current = await chat.current(by(guest)).catch(() => undefined);
        expect(current).toBeUndefined();
      }
      if (file && adapter.uploads?.download) {
        await refusal(adapter.uploads.download(file.id, by(guest)), "not-found", "unauthorized");
      }
    },
  },
  {
    title: "signing in twice has no further effect",
    async run(stage) {
      const merge = mergeOf(stage);
      const { me } = stage;
      const guest = aGuest();
      const chat = stage.need((await stage.subject.adapterFor(guest)).chat);
      const { id } = await chat.open(chatRequest(guest), by(guest));
      await merge(guest);
      await merge(guest);
      expect(await stage.mine.chat?.current?.(by(me))).toMatchObject({ id });
    },
  },
  {
    title: "a guest without data changes nothing by signing in",
    async run(stage) {
      const merge = mergeOf(stage);
      const { me } = stage;
      const chat = stage.need(stage.mine.chat, "current");
      const { id } = await chat.open(chatRequest(me), by(me));
      await merge(aGuest());
      expect(await chat.current(by(me))).toMatchObject({ id });
    },
  },
  {
    title: "if guest and member both have a chat, the member's continues and the guest's ends",
    async run(stage) {
      const merge = mergeOf(stage);
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const guest = aGuest();
      const theirs = stage.need((await stage.subject.adapterFor(guest)).chat);
      const chat = stage.need(stage.mine.chat, "current");
      const mine = await chat.open(chatRequest(me), by(me));
      const other = await theirs.open(chatRequest(guest), by(guest));
      await merge(guest);
      expect(await chat.current(by(me))).toMatchObject({ id: mine.id });
      expect((await backend.conversation(other.id))?.status).toBe("ended");
    },
  },
  {
    title: "a guest's message that is retried as the member after a lost answer arrives once",
    async run(stage) {
      const merge = mergeOf(stage);
      const { me } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const guest = aGuest();
      const theirs = stage.need((await stage.subject.adapterFor(guest)).chat);
      const request = chatRequest(guest, "Asked once");
      const draft = { clientId: uuid(), text: "Said once" };
      const { id } = await theirs.open(request, by(guest));
      await theirs.send(id, draft, by(guest));
      await merge(guest);
      const chat = stage.need(stage.mine.chat);
      expect((await chat.open(request, by(me))).id).toBe(id);
      await chat.send(id, draft, by(me));
      const texts = (await backend.conversation(id))?.messages.map(({ text }) => text);
      expect(texts?.filter((text) => text === "Asked once" || text === "Said once")).toEqual([
        "Asked once",
        "Said once",
      ]);
    },
  },
  {
    title: "a file that a guest uploaded can be attached to the member's ticket",
    async run(stage) {
      const merge = mergeOf(stage);
      const { me, mine, backend } = stage;
      const guest = aGuest();
      const uploads = stage.need((await stage.subject.adapterFor(guest)).uploads);
      const tickets = stage.need(mine.tickets);
      const { id } = await uploads.upload(picture("gost.png"), { ...by(guest), clientId: uuid() });
      await merge(guest);
      const ticket = await tickets.create(stage.draft({ attachments: [id] }), by(me));
      expect((await backend.ticket(ticket.id))?.attachments.map(({ name }) => name)).toEqual(["gost.png"]);
    },
  },
];
