import { memory, type MemoryAdapter } from "../../src/adapters/memory/index.ts";
import type { Adapter, CallContext, TicketsApi } from "../../src/core/adapter.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { ana, boris } from "./members.ts";

// The contract held against desks with one fault each. A gap passes only while its cases fail, so each of these says
// which cases find the fault out.
function describeFaulty(
  fault: string,
  tests: readonly string[],
  spoil: (tickets: Required<TicketsApi>, desk: MemoryAdapter) => Partial<TicketsApi>,
) {
  describeAdapter({
    name: `with a fault: ${fault}`,
    gaps: [{ reason: fault, tests }],
    async create() {
      const desk = memory();
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- memory has all of them
      const whole = desk.tickets as Required<TicketsApi>;
      const { tickets: _whole, chat: _chat, uploads: _uploads, ...rest } = desk;
      const adapter: Adapter = { ...rest, tickets: { ...whole, ...spoil(whole, desk) } };
      return {
        adapterFor: async () => adapter,
        backend: desk.agent,
        members: [ana, boris],
        dispose: async () => await desk.dispose?.(),
      };
    },
  });
}

const anew = () => crypto.randomUUID();
const deaf = (ctx: CallContext): CallContext => ({ ...ctx, signal: new AbortController().signal });

describeFaulty(
  "a retry makes a second ticket",
  [
    "the same ticket sent twice is one ticket",
    "the same ticket sent five times at once is one ticket",
    "a ticket aborted on its way and sent again is one ticket",
  ],
  (tickets) => ({ create: async (draft, ctx) => await tickets.create({ ...draft, clientId: anew() }, ctx) }),
);

describeFaulty(
  "everyone sees every ticket",
  ["another member reads and writes nothing of my tickets: they are not there"],
  (tickets) => ({
    get: async (id, ctx) =>
      await tickets.get(id, ctx).catch(async () => await tickets.get(id, { ...ctx, member: ana })),
  }),
);

describeFaulty(
  "signals are not looked at",
  ["a ticket call whose signal is aborted before rejects with the signal's own reason and does nothing"],
  (tickets) => ({ create: async (draft, ctx) => await tickets.create(draft, deaf(ctx)) }),
);

describeFaulty(
  "events come twice",
  [
    "an agent's reply and a new status reach the member live, once",
    "ticket events go on after a cursor, without gap or double",
  ],
  (tickets) => ({
    async *events(cursor, ctx) {
      for await (const event of tickets.events(cursor, ctx)) {
        yield event;
        yield event;
      }
    },
  }),
);

describeFaulty("a cursor is not kept", ["ticket events go on after a cursor, without gap or double"], (tickets) => ({
  events: (_cursor, ctx) => tickets.events(undefined, ctx),
}));

describeFaulty("text is cut", ["a ticket of 10,000 characters arrives whole"], (tickets) => ({
  create: async (draft, ctx) => await tickets.create({ ...draft, text: draft.text.slice(0, 9999) }, ctx),
}));

describeFaulty("pages overlap", ["pages of tickets join without gap or double, the last changed first"], (tickets) => ({
  async list(query, ctx) {
    const page = await tickets.list(query, ctx);
    return query.cursor === undefined ? page : { ...page, items: [...page.items, ...page.items.slice(0, 1)] };
  },
}));
