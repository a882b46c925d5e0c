import type { Adapter, TicketContext } from "../../../src/index.ts";
import type { Backend } from "../../../src/testing/index.ts";
import { statusOf, type Entry, type WholeCase } from "./cases.ts";

interface AgentCase extends WholeCase {
  readonly extra?: TicketContext;
}

/** The contract's second access: the calls of an agent's page. */
export function backendOf(url: string, key: string, listeners: () => number): Backend {
  async function ask(path: string, method = "GET", body?: object): Promise<Response> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return await fetch(url + path, { ...init, headers: { "Marmot-Key": key } });
  }
  const note = (ticketId: string, body: object) => ask(`/cases/${ticketId}/notes`, "POST", { by: "Mia", ...body });

  return {
    async ticket(ticketId) {
      const answer = await ask(`/cases/${ticketId}`);
      if (!answer.ok) return undefined;
      const { entries, extra, ...one }: AgentCase = await answer.json();
      const files = entries.flatMap((entry) => entry.files ?? []);
      return {
        id: String(one.no),
        title: one.subject,
        text: entries[0]?.body ?? "",
        status: statusOf[one.status],
        memberId: one.person,
        ...(extra ? { context: extra } : {}),
        messages: entries.map(recordOf),
        attachments: await Promise.all(
          files.map(async ({ id, name, type }) => {
            const bytes = await ask(`/files/${id}/bytes`);
            return { name, type, bytes: new Uint8Array(await bytes.arrayBuffer()) };
          }),
        ),
      };
    },
    async ticketCount() {
      const { count }: { readonly count: number } = await (await ask("/cases/count")).json();
      return count;
    },
    listeners,
    replyToTicket: async (ticketId, body) => void (await note(ticketId, { body })),
    askForFeedback: async (ticketId, body) => void (await note(ticketId, { body, status: "waiting" })),
    addNote: async (ticketId, body) => void (await note(ticketId, { body, internal: true })),
    resolveTicket: async (ticketId) => void (await note(ticketId, { status: "closed" })),
    removeTicket: async (ticketId) => void (await ask(`/cases/${ticketId}`, "DELETE")),
  };
}

function recordOf({ body = "", by, internal, to }: Entry) {
  const author = by === "person" ? "member" : "agent";
  return { text: body, author, internal, ...(to ? { change: statusOf[to] } : {}) } as const;
}

/** Counts open streams, which a polled desk can't report. */
export function counted(adapter: Adapter): { readonly adapter: Adapter; readonly listeners: () => number } {
  let standing = 0;
  const { tickets } = adapter;
  if (!tickets?.events) return { adapter, listeners: () => 0 };
  const source = tickets.events.bind(tickets);
  const events: typeof source = async function* (cursor, ctx) {
    let counts = 0;
    const onConnected = () => {
      counts = 1;
      standing += 1;
    };
    try {
      yield* source(cursor, { ...ctx, onConnected });
    } finally {
      standing -= counts;
    }
  };
  return { adapter: { ...adapter, tickets: { ...tickets, events } }, listeners: () => standing };
}
