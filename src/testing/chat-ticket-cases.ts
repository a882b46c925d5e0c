import { expect } from "vitest";
import { by, chatRequest, refusal, uuid, type Case } from "./case.ts";
import { watch } from "./watch.ts";

/** Chats converted to tickets, and tickets continued as chats. */
export const chatTicketCases: readonly Case[] = [
  {
    title: "a ticket made from a chat contains its messages",
    async run(stage) {
      const { me, mine } = stage;
      const backend = stage.need(stage.backend, "say", "takeConversation");
      const chat = stage.need(stage.mine.chat);
      const tickets = stage.need(mine.tickets);
      const { id } = await chat.open(chatRequest(me, "Ne morem plačati"), by(me));
      await backend.takeConversation(id);
      await backend.say(id, "Please file a ticket in your language.");
      await chat.send(id, { clientId: uuid(), text: "Velja, hvala." }, by(me));
      const draft = { ...stage.draft({ text: "Kot v klepetu." }), conversationId: id };
      const ticket = await tickets.create(draft, by(me));
      const record = await backend.ticket(ticket.id);
      expect(record?.text).toContain("Kot v klepetu.");
      const whole = record?.messages.map((message) => message.text).join("\n") ?? "";
      for (const said of ["Ne morem plačati", "Please file a ticket in your language.", "Velja, hvala."]) {
        expect(whole).toContain(said);
      }
    },
  },
  {
    title: "a ticket made from a chat has its files, and the two refer to each other",
    async run(stage) {
      const { me, mine } = stage;
      const backend = stage.need(stage.backend, "endConversation");
      const chat = stage.need(stage.mine.chat);
      const tickets = stage.need(mine.tickets);
      const uploads = stage.need(mine.uploads);
      const { id } = await chat.open(chatRequest(me), by(me));
      const bytes = new TextEncoder().encode("What I saw");
      const file = await uploads.upload(new File([bytes], "seen.txt", { type: "text/plain" }), by(me));
      await chat.send(id, { clientId: uuid(), text: "Look", attachments: [file.id] }, by(me));
      const live = watch((signal) => chat.events(id, undefined, by(me, signal)));
      const ticket = await tickets.create({ ...stage.draft(), conversationId: id }, by(me));
      const told = await live.until(
        (event) => event.type === "conversation" && event.conversation.ticket !== undefined,
        "the ticket",
      );
      await live.stop();
      expect(told).toMatchObject({ conversation: { id, ticket: { id: ticket.id, number: ticket.number } } });
      const record = await backend.ticket(ticket.id);
      expect(record?.conversationId).toBe(id);
      expect(record?.attachments.find(({ name }) => name === "seen.txt")?.bytes).toEqual(bytes);
      if (chat.last) expect((await chat.last(by(me)))?.ticket?.id).toBe(ticket.id);
      await backend.endConversation(id);
      if (chat.last) expect(await chat.last(by(me))).toMatchObject({ status: "ended", ticket: { id: ticket.id } });
    },
  },
  {
    title: "a ticket can't be made from another member's chat",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const chat = stage.need(stage.mine.chat);
      const tickets = stage.need(theirs.tickets);
      const { id } = await chat.open(chatRequest(me), by(me));
      const before = await backend.ticketCount();
      const foreign = await refusal(
        tickets.create({ ...stage.draft(), conversationId: id }, by(them)),
        "not-found",
        "invalid",
      );
      const unknown = await refusal(
        tickets.create({ ...stage.draft(), conversationId: uuid() }, by(them)),
        "not-found",
        "invalid",
      );
      expect(foreign).toBe(unknown);
      expect(await backend.ticketCount()).toBe(before);
    },
  },
  {
    title: "a chat about a ticket refers to it at the desk",
    async run(stage) {
      const { me, mine } = stage;
      const backend = stage.need(stage.backend, "conversation");
      const tickets = stage.need(mine.tickets);
      const ticket = await tickets.create(stage.draft(), by(me));
      const conversation = await stage.need(stage.mine.chat).open({ ...chatRequest(me), ticketId: ticket.id }, by(me));
      expect(await backend.conversation(conversation.id)).toMatchObject({ memberId: me.id, ticketId: ticket.id });
    },
  },
  {
    title: "a chat can't refer to another member's ticket",
    async run(stage) {
      const { me, mine, them, theirs } = stage;
      const ticket = await stage.need(mine.tickets).create(stage.draft(), by(me));
      const other = stage.need(theirs.chat);
      const attempt = async (ticketId: string) =>
        await refusal(other.open({ ...chatRequest(them), ticketId }, by(them)), "not-found", "invalid");
      expect(await attempt(ticket.id)).toBe(await attempt(uuid()));
      expect(await other.current?.(by(them))).toBeUndefined();
    },
  },
];
