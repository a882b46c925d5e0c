import type { ChatApi, ChatRequest, Member, Message, MessageDraft } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { chatId, firstLine, headOf, questionOf, saidPost } from "./chat-head.ts";
import { chatHelp } from "./commands.ts";
import type { Desk } from "./desk.ts";
import type { Chat, ChatHead } from "./queue.ts";
import type { FileRecord } from "./records.ts";
import { aboutMember } from "./about.ts";
import { labelOf, oneLine, quoted } from "./names.ts";
import { roomOf } from "./settings.ts";
import { pause } from "./pause.ts";
import { stanzaOf } from "./posts.ts";
import type { Session } from "./session.ts";
import { xml } from "./xml.ts";

/** Everything except the transcript by mail: an XMPP server sends no mail. */
export type XmppChat = Required<Omit<ChatApi, "mailTranscript">>;

const CHAT_STATES = "http://jabber.org/protocol/chatstates";
const MARKERS = "urn:xmpp:chat-markers:0";
const PAST_MS = 3000;

export function createChat(desk: Desk): XmppChat {
  const { lobby } = desk;
  /** Running calls with the same draft. */
  const running = new Map<string, Promise<unknown>>();

  async function once<T>(key: readonly string[], run: () => Promise<T>): Promise<T> {
    const name = JSON.stringify(key);
    const before = running.get(name);
    // The key includes the kind of call, which determines the result.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    if (before) return (await before) as T;
    const call = run().finally(() => running.delete(name));
    running.set(name, call);
    return await call;
  }

  async function joinQueue(head: ChatHead, request: ChatRequest): Promise<Chat> {
    const { code, id, memberId, name } = head;
    const known = lobby.queue.chats.get(id) ?? lobby.queue.currentOf(memberId);
    if (known) return known;
    // The room first: a copy that learns of the chat finds it.
    const { log, room } = await desk.session(lobby.queue.prepare(head));
    // It was opened before, and has ended: a retry does not open another one.
    if (log.state() !== undefined) await lobby.whole();
    const past = lobby.queue.chats.get(id);
    if (past) return past;
    const about = {
      ...(request.ticketId === undefined ? {} : { ticketId: request.ticketId }),
      ...(head.guest ? { guest: head.guest } : {}),
    };
    const text = `${labelOf(head)} waits – ${quoted(firstLine(request.question), 120)} – !take ${code}`;
    await lobby.write({ type: "opened", id, code, memberId, name, ...about }, text, `open-${id}`);
    const chat = lobby.queue.chats.get(id) ?? lobby.queue.currentOf(memberId);
    if (chat === undefined) throw new AdapterError("unavailable", "XMPP: the chat was not taken up: try again");
    // Another device of the member was a moment faster.
    if (chat.id !== id) await room.destroy();
    return chat;
  }

  async function say(session: Session, draft: MessageDraft, files: readonly FileRecord[]): Promise<Message> {
    const { chat, log, room } = session;
    const said = log.said(draft.clientId);
    if (said) return said;
    // Agents' clients show one file per message, and recognise it by its address (XEP-0066).
    for (const [index, file] of files.entries()) {
      const id = `${draft.clientId}-${index}`;
      const oob = xml("x", { xmlns: "jabber:x:oob" }, xml("url", {}, file.url));
      // oxlint-disable-next-line no-await-in-loop -- in the order of the draft
      if (!log.sent(id)) await room.post({ id, body: file.url, record: { type: "note" }, children: [oob] });
    }
    await room.post(saidPost(chat, draft, files));
    await session.enter();
    const message = log.said(draft.clientId);
    if (message !== undefined) return message;
    if (log.state()?.status === "ended")
      throw new AdapterError("invalid", "the conversation has ended: open a new one");
    throw new AdapterError("unavailable", "XMPP: the room did not store the message as it was written");
  }

  async function introduce(session: Session, request: ChatRequest, member: Member): Promise<void> {
    const id = `intro-${session.chat.id}`;
    if (session.log.sent(id)) return;
    const body = [...aboutMember(request, member), chatHelp].join("\n");
    await session.room.post({ id, body, record: { type: "note" } });
  }

  async function sessionOf(id: string, member: Member): Promise<Session> {
    return await desk.session(await desk.owned(id, member));
  }

  return {
    async availability(ctx) {
      await desk.asking({ ...ctx, member: ctx.member ?? { id: "anybody" } });
      const waitMs = lobby.queue.waitMs();
      const { languages } = desk.settings;
      return {
        open: desk.link.answers && lobby.agents().some(({ available }) => available),
        ...(languages === undefined ? {} : { languages }),
        ...(waitMs === undefined ? {} : { waitMs }),
      };
    },

    async current(ctx) {
      const chat = lobby.queue.currentOf((await desk.asking(ctx)).id);
      return chat && desk.stateOf(chat);
    },

    async last(ctx) {
      const { id } = await desk.asking(ctx);
      // Most members have no chat, and need not wait.
      if (lobby.queue.lastOf(id) === undefined) await Promise.race([lobby.whole(), pause(PAST_MS)]);
      const chat = lobby.queue.lastOf(id);
      return chat && desk.stateOf(chat);
    },

    async open(request, ctx) {
      const member = await desk.asking(ctx);
      if (request.question.trim() === "") throw invalid("question", "must not be empty");
      const head = headOf(await chatId(member.id, request.clientId), request, member);
      // Before anything is written: a chat needs its question.
      stanzaOf(desk, roomOf(head.id, desk.settings), { ...saidPost(head, questionOf(request), []), field: "question" });
      return await once(["open", member.id, request.clientId], async () => {
        const chat = await joinQueue(head, request);
        const session = await desk.session(chat);
        await introduce(session, request, member);
        if (chat.status !== "ended") await say(session, questionOf(request), []);
        return desk.stateOf(chat);
      });
    },

    async send(conversationId, draft, ctx) {
      const member = await desk.asking(ctx);
      const chat = await desk.owned(conversationId, member);
      if (draft.text.trim() === "" && !draft.attachments?.length) throw invalid("text", "must not be empty");
      const files = desk.files.ofDraft(draft.attachments, member.id);
      return await once(["send", member.id, conversationId, draft.clientId], async () => {
        const session = await desk.session(chat);
        const said = session.log.said(draft.clientId);
        if (said) return said;
        if (chat.status === "ended") throw new AdapterError("invalid", "the conversation has ended: open a new one");
        return await say(session, draft, files);
      });
    },

    async *events(conversationId, cursor, ctx) {
      const { log } = await sessionOf(conversationId, await desk.asking(ctx));
      ctx.onConnected?.();
      yield* log.read(cursor, ctx.signal);
    },

    async history(conversationId, before, ctx) {
      const { log } = await sessionOf(conversationId, await desk.asking(ctx));
      return log.history(before);
    },

    async setTyping(conversationId, typing, ctx) {
      const { room } = await sessionOf(conversationId, await desk.asking(ctx));
      room.tell([xml(typing ? "composing" : "active", { xmlns: CHAT_STATES })]);
    },

    async markRead(conversationId, messageId, ctx) {
      const { log, room } = await sessionOf(conversationId, await desk.asking(ctx));
      if (!log.has(messageId)) throw new AdapterError("not-found", `the conversation has no message "${messageId}"`);
      room.tell([xml("displayed", { xmlns: MARKERS, id: messageId })]);
    },

    async close(conversationId, ctx) {
      const chat = await desk.owned(conversationId, await desk.asking(ctx));
      if (chat.status === "ended") return;
      await lobby.write({ type: "ended", id: chat.id }, `${labelOf(chat)} #${chat.code} left.`);
    },

    async rate(conversationId, { comment, score }, ctx) {
      const chat = await desk.owned(conversationId, await desk.asking(ctx));
      if (![1, 2, 3, 4, 5].includes(score)) throw invalid("score", "must be a whole number from 1 to 5");
      const words = comment ? `: ${quoted(comment, 500)}` : "";
      const text = `${labelOf(chat)} #${chat.code} found the help ${score} of 5${words}`;
      const record = { type: "rated", id: chat.id, score, ...(comment === undefined ? {} : { comment }) } as const;
      await lobby.write(record, text, crypto.randomUUID(), "comment");
    },

    async linkTicket(conversationId, ticket, ctx) {
      const chat = await desk.owned(conversationId, await desk.asking(ctx));
      const text = `${labelOf(chat)} #${chat.code} filed ticket #${oneLine(ticket.number, 60)} from the chat.`;
      await lobby.write({ type: "ticket", id: chat.id, ticket }, text);
      const session = await desk.session(chat);
      const id = `ticket-${chat.id}-${ticket.id}`;
      if (!session.log.sent(id)) await session.room.post({ id, body: `[Podpora] ${text}`, record: { type: "note" } });
    },
  };
}

function invalid(field: string, message: string): AdapterError {
  return new AdapterError("invalid", message, { fields: { [field]: message } });
}
