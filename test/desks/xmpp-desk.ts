import { vi } from "vitest";
import * as v from "valibot";
import type { XmppAdapter, XmppOptions } from "../../src/adapters/xmpp/index.ts";
import type { Backend, ConversationRecord, MessageRecord } from "../../src/testing/index.ts";
import { installed } from "./installed.ts";
import { connectAgent, type Heard, type XmppAgent } from "./xmpp-agent.ts";

export const KEY = "the key of these tests, of 32 bytes and more";

/** How the tests reach one of the XMPP servers. */
export function xmppServer(name: "prosody" | "ejabberd") {
  const env = installed(name) ?? {};
  const {
    COMPONENT = "tcp://127.0.0.1:1",
    DOMAIN = "podpora.test",
    FILES = "http://127.0.0.1:1",
    WEBSOCKET = "",
  } = env;
  const rooms = `rooms.${DOMAIN}`;
  return {
    domain: DOMAIN,
    rooms,
    /** A lobby of its own for each file of tests. */
    options: (lobby: string, over: Partial<XmppOptions> = {}): XmppOptions => ({
      servers: [COMPONENT],
      component: `chat-a.${DOMAIN}`,
      secret: "component-pass",
      rooms,
      // Each file of tests has its own agents: an invitation reaches every client of an account.
      agents: ["nina", "vera", "olga", "petra"].map((agent) => `${agent}@${DOMAIN}`),
      lobby,
      files: { service: `upload.${DOMAIN}`, origin: FILES },
      key: KEY,
      ...over,
    }),
    agent: async (who: string, nick: string, lobby: string, follows = true): Promise<XmppAgent> =>
      await connectAgent({
        websocket: WEBSOCKET,
        jid: `${who}@${DOMAIN}/${crypto.randomUUID()}`,
        password: `${who}-pass`,
        nick,
        lobby: `${lobby}@${rooms}`,
        follows,
      }),
  };
}

const opened = v.object({
  type: v.literal("opened"),
  id: v.string(),
  code: v.string(),
  memberId: v.string(),
  ticketId: v.optional(v.string()),
});
const rated = v.object({ type: v.literal("rated"), id: v.string(), score: v.number() });
const changed = v.object({ type: v.picklist(["taken", "passed", "back", "ended"]), id: v.string() });

/** What an agent sees and does with an ordinary client. */
export function xmppBackend(agent: XmppAgent, adapter: XmppAdapter, options: XmppOptions): Backend {
  const { lobby, rooms } = { lobby: "help", ...options };
  const room = (id: string) => `${id}@${rooms}`;
  const records = async () => (await agent.archive(`${lobby}@${rooms}`)).map(({ record }) => record);
  const openedOf = async (id: string) =>
    (await records()).flatMap((record) => (v.is(opened, record) && record.id === id ? [record] : []))[0];

  async function command(id: string, text: string, done: (status: string | undefined) => boolean): Promise<void> {
    if (!agent.occupants(room(id)).includes(agent.nick)) await agent.join(room(id));
    await agent.say(room(id), text);
    await vi.waitFor(async () => {
      if (!done(statusOf(await records(), id))) throw new Error(`"${text}" had no effect`);
    }, 5000);
    await agent.settle(room(id));
  }

  return {
    ticket: async () => undefined,
    ticketCount: async () => 0,
    listeners: () => adapter.listeners(),
    async conversation(id): Promise<ConversationRecord | undefined> {
      const all = await records();
      const start = all.find((record) => v.is(opened, record) && record.id === id);
      if (!v.is(opened, start)) return undefined;
      const rating = all.findLast((record) => v.is(rated, record) && record.id === id);
      return {
        id,
        memberId: start.memberId,
        status: statusOf(all, id) ?? "queued",
        // A room that is gone has nothing.
        messages: (await agent.archive(room(id)).catch(whenGone)).flatMap(messageOf),
        ...(start.ticketId === undefined ? {} : { ticketId: start.ticketId }),
        ...(v.is(rated, rating) ? { rating: rating.score } : {}),
      };
    },
    async takeConversation(id) {
      const code = (await openedOf(id))?.code;
      await agent.say(`${lobby}@${rooms}`, `!take ${code}`);
      await vi.waitFor(() => {
        if (!agent.occupants(room(id)).includes(agent.nick)) throw new Error("the agent was not called in");
      }, 5000);
      await agent.settle(room(id));
    },
    async say(id, text) {
      if (!agent.occupants(room(id)).includes(agent.nick)) await agent.join(room(id));
      await agent.say(room(id), text);
      await agent.settle(room(id));
    },
    async correct(id, text) {
      const before = agent.heard(room(id)).findLast(({ nick, record }) => nick === agent.nick && record === undefined);
      await agent.say(room(id), text, (stanza) => {
        stanza.c("replace", { xmlns: "urn:xmpp:message-correct:0", id: before?.sentId ?? "" }).up();
      });
      await agent.settle(room(id));
    },
    async retract(id) {
      const before = agent.heard(room(id)).findLast(({ nick, record }) => nick === agent.nick && record === undefined);
      await agent.say(room(id), "This person attempted to retract a previous message.", (stanza) => {
        stanza.c("retract", { xmlns: "urn:xmpp:message-retract:1", id: before?.id ?? "" }).up();
        stanza.c("fallback", { xmlns: "urn:xmpp:fallback:0", for: "urn:xmpp:message-retract:1" }).up();
      });
      await agent.settle(room(id));
    },
    async type(id, typing) {
      agent.typing(room(id), typing);
      await agent.settle(room(id));
    },
    requestTicket: async (id) => {
      await agent.say(room(id), "!ticket");
      await vi.waitFor(async () => {
        const asked = (await records()).some((record) =>
          v.is(v.object({ type: v.literal("asked"), id: v.literal(id) }), record),
        );
        if (!asked) throw new Error("the wish for a ticket had no effect");
      }, 5000);
      await agent.settle(room(id));
    },
    giveBackConversation: async (id) => await command(id, "!back", (status) => status === "queued"),
    endConversation: async (id) => await command(id, "!end", (status) => status === "ended"),
    async deliver(id, messageId) {
      agent.mark(room(id), "received", messageId);
      await agent.settle(room(id));
    },
    async read(id, messageId) {
      agent.mark(room(id), "displayed", messageId);
      await agent.settle(room(id));
    },
  };
}

function statusOf(records: readonly unknown[], id: string): ConversationRecord["status"] | undefined {
  const last = records.findLast((record) => v.is(changed, record) && record.id === id);
  if (!v.is(changed, last)) return undefined;
  if (last.type === "ended") return "ended";
  return last.type === "back" ? "queued" : "active";
}

function whenGone(error: unknown): readonly Heard[] {
  if (/<(item-not-found|gone)\b/.test(String(error))) return [];
  throw error;
}

/** The text is the message's own, unless XML would lose some of it. */
const said = v.object({ type: v.literal("said"), text: v.optional(v.string()) });

/** What an agent's client shows, by who said it; the gateway's own lines are the system's. */
function messageOf({ nick, record, text }: Heard): readonly MessageRecord[] {
  if (record === undefined) {
    return text.startsWith("!") ? [] : [{ text, author: nick === "Podpora" ? "system" : "agent", internal: false }];
  }
  if (v.is(said, record)) return [{ text: record.text ?? text, author: "member", internal: false }];
  return text === "" ? [] : [{ text, author: "system", internal: false }];
}
