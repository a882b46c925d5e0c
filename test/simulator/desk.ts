import { memory, type MemoryAdapter } from "../../src/adapters/memory/index.ts";
import type { Adapter, CallContext, Member } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";

/** A word, or a file by its name, that reached the desk: in which record and from which member. */
export interface Arrival {
  readonly word: string;
  readonly recordId: string;
  readonly lane: string;
  readonly memberId: string;
}

export const anasLogin = { username: "ana", password: "ana-password" };
const ana: Member = { id: "ana", name: "Ana", email: "ana@example.org" };

/**
 * Every word that a simulated person writes and every file name is unique. Also finds them in JSON, where a line break
 * is two characters.
 */
export const wordsIn = (text: string): readonly string[] => text.replaceAll("\\n", " ").match(/\bw\d+x\b/g) ?? [];

/** The reference desk, which records what arrives, and refuses or fails as the schedule says. */
export function simulateDesk() {
  const own: MemoryAdapter = memory({ accounts: [{ ...anasLogin, member: ana }] });
  const arrivals: Arrival[] = [];
  const seen = new Set<string>();
  const refused = new Set<string>();
  const taken = new Set<string>();
  const fileNames = new Map<string, string>();
  const conversations: string[] = [];
  /** Who started each conversation. */
  const beginners = new Map<string, string>();
  const plan: ("invalid" | "unavailable" | "unknown")[] = [];

  interface Written {
    readonly clientId: string;
    readonly text: string;
    readonly attachments?: readonly string[];
  }
  const wordsOf = ({ text, attachments = [] }: Written) =>
    wordsIn([text, ...attachments.map((id) => fileNames.get(id) ?? "")].join(" "));

  function note(ctx: CallContext, lane: string, recordId: string, written: Written) {
    for (const word of wordsOf(written)) {
      const key = `${recordId} ${word}`;
      if (seen.has(key)) continue;
      seen.add(key);
      arrivals.push({ word, recordId, lane, memberId: ctx.member?.id ?? "" });
    }
  }
  /** Runs the desk's work, unless the schedule says that it fails. */
  async function unlessItFails<T>(written: Written, work: () => Promise<T>): Promise<T> {
    try {
      // A desk must not refuse the retry of an accepted request.
      const code = taken.has(written.clientId) ? undefined : plan.shift();
      if (code) throw new AdapterError(code, "as the schedule says");
      const result = await work();
      taken.add(written.clientId);
      return result;
    } catch (error) {
      for (const word of wordsOf(written)) refused.add(word);
      throw error;
    }
  }
  const { tickets: theirs, chat, uploads } = own;
  if (!theirs?.reply || !chat || !uploads) throw new Error("the reference desk has tickets, a chat and files");
  const reply = theirs.reply.bind(theirs);

  const adapter: Adapter = {
    ...own,
    tickets: {
      ...theirs,
      create: (draft, ctx) =>
        unlessItFails(draft, async () => {
          const ticket = await theirs.create(draft, ctx);
          note(ctx, `ticket ${ticket.id}`, `ticket ${ticket.id}`, draft);
          return ticket;
        }),
      reply: (id, draft, ctx) =>
        unlessItFails(draft, async () => {
          const message = await reply(id, draft, ctx);
          note(ctx, `ticket ${id}`, message.id, draft);
          return message;
        }),
    },
    chat: {
      ...chat,
      open: (request, ctx) =>
        unlessItFails({ ...request, text: request.question }, async () => {
          const conversation = await chat.open(request, ctx);
          if (!conversations.includes(conversation.id)) conversations.push(conversation.id);
          if (!beginners.has(conversation.id)) beginners.set(conversation.id, ctx.member?.id ?? "");
          note(ctx, conversation.id, `chat ${request.clientId}`, { ...request, text: request.question });
          return conversation;
        }),
      send: (id, draft, ctx) =>
        unlessItFails(draft, async () => {
          const message = await chat.send(id, draft, ctx);
          note(ctx, id, message.id, draft);
          return message;
        }),
    },
    uploads: {
      ...uploads,
      async upload(file, ctx) {
        const attachment = await uploads.upload(file, ctx);
        fileNames.set(attachment.id, attachment.name);
        return attachment;
      },
    },
  };

  return {
    adapter,
    agent: own.agent,
    arrivals,
    conversations,
    /** All words that it has ever refused, for any reason. */
    refused,
    /** The running conversation, if this member started it. */
    async runningOf(id: string): Promise<string | undefined> {
      const ctx = { signal: new AbortController().signal, locale: "en", member: { id } };
      const running = (await chat.current?.(ctx))?.id;
      return running !== undefined && beginners.get(running) === id ? running : undefined;
    },
    /** Makes the next write fail. */
    fail: (code: (typeof plan)[number]) => void plan.push(code),
    heal: () => void plan.splice(0),
  };
}
