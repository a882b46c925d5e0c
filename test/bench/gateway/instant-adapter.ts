import type { Adapter, Conversation, Message, Ticket } from "../../../src/core/contract/adapter.ts";

const at = "2026-11-30T10:00:00.000Z";
const ticket = (number: number): Ticket => ({
  id: `${number}`,
  number: `${number}`,
  title: `Printer ${number} prints nothing`,
  status: "open",
  createdAt: at,
  updatedAt: at,
});
const page = { items: Array.from({ length: 20 }, (_, index) => ticket(index + 1)) };
const conversation: Conversation = { id: "1", status: "active", createdAt: at };

/** A desk that answers at once and keeps nothing: what is left to be measured is the gateway. */
export function instantAdapter(): Adapter {
  const message = ({ clientId, text }: { readonly clientId: string; readonly text: string }): Message => ({
    id: clientId,
    clientId,
    text,
    at,
    author: { id: "ana", role: "member" },
  });
  return {
    name: "instant",
    tickets: {
      create: async () => ticket(1),
      list: async () => page,
      counts: async () => ({ open: 20, awaiting: 0, all: 20 }),
      reply: async (_id, draft) => message(draft),
      async *events(_cursor, { signal }) {
        yield { type: "ticket", ticket: ticket(1) };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    chat: {
      open: async () => conversation,
      send: async (_id, draft) => message(draft),
      async *events(_id, _cursor, { signal }) {
        yield { type: "conversation", conversation };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
  };
}
