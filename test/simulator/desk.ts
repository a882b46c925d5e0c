import { memory, type MemoryAdapter } from "../../src/adapters/memory/index.ts";
import type { Adapter, CallContext, Member } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";

/** What the desk has of one piece of a member's text: in which record it is, and under whose name it came. */
export interface Arrival {
  readonly word: string;
  readonly recordId: string;
  readonly lane: string;
  readonly memberId: string;
}

export const anasLogin = { username: "ana", password: "ana-password" };
const ana: Member = { id: "ana", name: "Ana", email: "ana@example.org" };

/** Every word that a simulated person writes has a name of its own. */
export const wordsIn = (text: string): readonly string[] => text.match(/w\d+x/g) ?? [];

/** The reference desk, which notes what arrives, and refuses or breaks when the schedule says so. */
export function simulateDesk() {
  const own: MemoryAdapter = memory({ accounts: [{ ...anasLogin, member: ana }] });
  const arrivals: Arrival[] = [];
  const seen = new Set<string>();
  const conversations: string[] = [];
  const tickets: string[] = [];
  const plan: ("invalid" | "unavailable" | "unknown")[] = [];

  function note(ctx: CallContext, lane: string, record: { readonly id: string }, text: string) {
    for (const word of wordsIn(text)) {
      const key = `${record.id} ${word}`;
      if (seen.has(key)) continue;
      seen.add(key);
      arrivals.push({ word, recordId: record.id, lane, memberId: ctx.member?.id ?? "" });
    }
  }
  function maybeFail() {
    const code = plan.shift();
    if (code) throw new AdapterError(code, "as the schedule says");
  }
  const { tickets: theirs, chat } = own;
  if (!theirs?.reply || !chat) throw new Error("the reference desk has tickets and a chat");
  const reply = theirs.reply.bind(theirs);

  const adapter: Adapter = {
    ...own,
    tickets: {
      ...theirs,
      async create(draft, ctx) {
        maybeFail();
        const ticket = await theirs.create(draft, ctx);
        if (!tickets.includes(ticket.id)) tickets.push(ticket.id);
        note(ctx, `ticket ${ticket.id}`, { id: `ticket ${ticket.id}` }, draft.text);
        return ticket;
      },
      async reply(id, draft, ctx) {
        maybeFail();
        const message = await reply(id, draft, ctx);
        note(ctx, `ticket ${id}`, message, draft.text);
        return message;
      },
    },
    chat: {
      ...chat,
      async open(request, ctx) {
        maybeFail();
        const conversation = await chat.open(request, ctx);
        if (!conversations.includes(conversation.id)) conversations.push(conversation.id);
        note(ctx, conversation.id, { id: `chat ${request.clientId}` }, request.question);
        return conversation;
      },
      async send(id, draft, ctx) {
        maybeFail();
        const message = await chat.send(id, draft, ctx);
        note(ctx, id, message, draft.text);
        return message;
      },
    },
  };

  return {
    adapter,
    agent: own.agent,
    arrivals,
    conversations,
    tickets,
    /** What happens to the next calls that write. */
    fail: (code: (typeof plan)[number]) => void plan.push(code),
    heal: () => void plan.splice(0),
  };
}
