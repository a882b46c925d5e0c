import { memory } from "../../src/adapters/memory/index.ts";
import type { Adapter, CallContext, ChatEvent, Message } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { answers, form } from "./form.ts";
import { ana, boris } from "./members.ts";

type Part = "tickets" | "chat" | "uploads";
type Api<P extends Part> = Required<NonNullable<Adapter[P]>>;

// The contract held against desks with one fault each. A gap passes only while its cases fail, so each of these says
// which cases find the fault out.
function describeFaulty<P extends Part>(
  part: P,
  fault: string,
  tests: readonly string[],
  spoil: (api: Api<P>) => Partial<Api<P>>,
) {
  describeAdapter({
    name: `with a fault: ${fault}`,
    gaps: [{ reason: fault, tests }],
    async create() {
      const desk = memory({ fields: form });
      const { tickets: _tickets, chat: _chat, uploads, ...rest } = desk;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- memory has all of them
      const api = desk[part] as unknown as Api<P>;
      // What has nothing to do with the fault is left out: its cases skip.
      const others: Adapter =
        part === "tickets"
          ? rest
          : { ...rest, tickets: desk.tickets ?? never(), ...(part === "chat" && uploads ? { uploads } : {}) };
      const adapter: Adapter = { ...others, [part]: { ...api, ...spoil(api) } };
      return {
        adapterFor: async () => adapter,
        backend: desk.agent,
        members: [ana, boris],
        answers,
        dispose: async () => await desk.dispose?.(),
      };
    },
  });
}

function never(): never {
  throw new Error("memory has tickets");
}

const anew = () => crypto.randomUUID();
const deaf = (ctx: CallContext): CallContext => ({ ...ctx, signal: new AbortController().signal });
const isLine = ({ change }: Message) => change !== undefined;

const changesCase = "each change of a ticket's state is a line of its thread, by who made it, in order, and live too";
const removalCase = "a ticket that the desk removes is told of live, and is not there any more";
const guestsCase = "the chat that a guest began is the member's after they have signed in, with all that was said";
const contextCase = "what the widget adds to a ticket arrives for agents, and the member's own thread has none of it";

describeFaulty(
  "tickets",
  "a retry makes a second ticket",
  [
    "the same ticket sent twice is one ticket",
    "the same ticket sent five times at once is one ticket",
    "a ticket aborted on its way and sent again is one ticket",
  ],
  (tickets) => ({ create: async (draft, ctx) => await tickets.create({ ...draft, clientId: anew() }, ctx) }),
);

describeFaulty(
  "tickets",
  "everyone sees every ticket",
  ["another member reads and writes nothing of my tickets: they are not there"],
  (tickets) => ({
    get: async (id, ctx) =>
      await tickets.get(id, ctx).catch(async () => await tickets.get(id, { ...ctx, member: ana })),
  }),
);

describeFaulty(
  "tickets",
  "everyone rates every ticket",
  ["another member reads and writes nothing of my tickets: they are not there"],
  (tickets) => ({ rate: async (id, rating, ctx) => await tickets.rate(id, rating, { ...ctx, member: ana }) }),
);

describeFaulty(
  "tickets",
  "signals are not looked at",
  ["a ticket call whose signal is aborted before rejects with the signal's own reason and does nothing"],
  (tickets) => ({ create: async (draft, ctx) => await tickets.create(draft, deaf(ctx)) }),
);

describeFaulty(
  "tickets",
  "events come twice",
  [
    "an agent's reply and a new status reach the member live, once",
    "ticket events go on after a cursor, without gap or double",
    changesCase,
    removalCase,
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

describeFaulty(
  "tickets",
  "a cursor is not kept",
  ["ticket events go on after a cursor, without gap or double", removalCase],
  (tickets) => ({ events: (_cursor, ctx) => tickets.events(undefined, ctx) }),
);

describeFaulty("tickets", "text is cut", ["a ticket of 10,000 characters arrives whole"], (tickets) => ({
  create: async (draft, ctx) => await tickets.create({ ...draft, text: draft.text.slice(0, 9999) }, ctx),
}));

describeFaulty(
  "tickets",
  "pages overlap",
  [
    "pages of tickets join without gap or double, the last changed first",
    "250 tickets read page by page, without gap or double, and are counted",
  ],
  (tickets) => ({
    async list(query, ctx) {
      const page = await tickets.list(query, ctx);
      return query.cursor === undefined ? page : { ...page, items: [...page.items, ...page.items.slice(0, 1)] };
    },
  }),
);

describeFaulty(
  "tickets",
  "counts know nothing of what awaits the member",
  ["counts say what the lists have, after every change too"],
  (tickets) => ({ counts: async (ctx) => ({ ...(await tickets.counts(ctx)), awaiting: 0 }) }),
);

describeFaulty(
  "tickets",
  "counts are of everybody's tickets",
  ["lists, searches and counts hold nothing of another member"],
  (tickets) => ({
    async counts(ctx) {
      const [own, anas] = [await tickets.counts(ctx), await tickets.counts({ ...ctx, member: ana })];
      return ctx.member?.id === ana.id ? own : { ...own, all: own.all + anas.all };
    },
  }),
);

describeFaulty(
  "tickets",
  "a search looks for the first word alone, as it is written",
  [
    "a search finds what has all of its words, in any order, whatever the case and the accents",
    "wildcards, quotes and operators in a search mean themselves",
  ],
  (tickets) => ({
    async list(query, ctx) {
      const [search = ""] = query.search?.trim().split(" ") ?? [];
      return await tickets.list({ ...query, search }, ctx);
    },
  }),
);

describeFaulty(
  "tickets",
  "a search takes % for anything",
  ["wildcards, quotes and operators in a search mean themselves"],
  (tickets) => ({
    list: async (query, ctx) => await tickets.list({ ...query, search: query.search?.replaceAll("%", "") ?? "" }, ctx),
  }),
);

describeFaulty("tickets", "the context stands in the member's own text", [contextCase], (tickets) => ({
  create: async (draft, ctx) =>
    await tickets.create({ ...draft, text: `${draft.text}\n\n${draft.context?.page ?? ""}`.trim() }, ctx),
}));

describeFaulty("tickets", "the context is lost", [contextCase], (tickets) => ({
  async create({ context: _context, ...draft }, ctx) {
    return await tickets.create(draft, ctx);
  },
}));

describeFaulty("tickets", "a thread has no lines of changes", [changesCase], (tickets) => ({
  async thread(id, after, ctx) {
    const page = await tickets.thread(id, after, ctx);
    return { ...page, items: page.items.filter((message) => !isLine(message)) };
  },
}));

describeFaulty("tickets", "a change is not told live", [changesCase], (tickets) => ({
  async *events(cursor, ctx) {
    for await (const event of tickets.events(cursor, ctx)) {
      if (event.type !== "message" || !isLine(event.message)) yield event;
    }
  },
}));

describeFaulty("tickets", "everything is the member's doing", ["a ticket says who changed it last"], (tickets) => ({
  get: async (id, ctx) => ({ ...(await tickets.get(id, ctx)), updatedBy: "member" }),
}));

describeFaulty(
  "tickets",
  "an answer is promised for yesterday",
  ["when an answer may be expected is a time to come, and is said no more once an agent has answered"],
  (tickets) => ({
    create: async (draft, ctx) => ({
      ...(await tickets.create(draft, ctx)),
      expectedAt: new Date(Date.now() - 86_400_000).toISOString(),
    }),
  }),
);

describeFaulty(
  "tickets",
  "the first rating stands",
  ["a rating stands with its ticket, and the last one given stands"],
  (tickets) => ({
    async rate(id, rating, ctx) {
      const { rating: first } = await tickets.get(id, ctx);
      return await tickets.rate(id, first ?? rating, ctx);
    },
  }),
);

describeFaulty(
  "tickets",
  "an open ticket is rated",
  ["a ticket that is not resolved takes no rating, and a score is from 1 to 5"],
  (tickets) => ({
    rate: async (id, rating, ctx) =>
      await tickets.rate(id, rating, ctx).catch(async () => ({ ...(await tickets.get(id, ctx)), rating })),
  }),
);

describeFaulty("tickets", "a removal is not told", [removalCase], (tickets) => ({
  async *events(cursor, ctx) {
    for await (const event of tickets.events(cursor, ctx)) if (event.type !== "removed") yield event;
  },
}));

describeFaulty(
  "tickets",
  "the form's answers are not looked at",
  [
    "what is answered in the form arrives, whatever its kind",
    "a required field left out is refused by its name, and nothing is made",
    "a value that does not fit its field is refused by the field's name, and nothing is made",
    "a field that the form does not have is refused by its name, and nothing is made",
  ],
  (tickets) => ({
    create: async (draft, ctx) => await tickets.create({ ...draft, fields: { consent: true } }, ctx),
  }),
);

describeFaulty(
  "chat",
  "a chat is about nothing",
  ["a chat about a ticket names it at the desk", "a chat is never about another member's ticket"],
  (chat) => ({ open: async ({ ticketId: _ticketId, ...request }, ctx) => await chat.open(request, ctx) }),
);

const orderCase = "a hundred messages of both sides at once have one order, in every stream and in history";
const onceCase = "a chat message sent five times at once, and again after it was broken off, is one message";
const cursorCase = "chat events go on after any cursor, without gap or double";
const marksCase =
  "delivered and read go forwards only, each is told once, and what follows any cursor is exactly the rest";
const pagesCase = "a chat's pages lead back to its start without gap or double, the oldest message of each first";
const joinCase = "the newest page and the events after its cursor are one conversation, while messages keep coming";
const lastCase = "the last chat is known after it has ended, and its words stand";
const handOffCase = "a ticket and the chat that it was made of name each other, and its files go along";

describeFaulty(
  "chat",
  "a retry makes a second message",
  [
    "the same chat message sent several times at once is one message",
    "an agent joins, both write, and everything arrives once",
    onceCase,
    "what a guest sent and repeats as the member, since the answer was lost, arrives once",
  ],
  (chat) => ({
    send: async (id, draft, ctx) => await chat.send(id, { ...draft, clientId: anew() }, ctx),
  }),
);

describeFaulty(
  "chat",
  "each stream has an order of its own",
  ["everyone sees the messages in one order, whenever they came", orderCase],
  (chat) => {
    let streams = 0;
    return {
      async *events(id, cursor, ctx) {
        streams += 1;
        if (streams % 2 === 1) return yield* chat.events(id, cursor, ctx);
        // Every two messages of this stream change places.
        let held: ChatEvent | undefined;
        for await (const event of chat.events(id, cursor, ctx)) {
          if (event.type !== "message" || !/^message \d+$/.test(event.message.text)) yield event;
          else if (held) {
            yield event;
            yield held;
            held = undefined;
          } else held = event;
        }
      },
    };
  },
);

describeFaulty("chat", "marks are told again, and backwards", [marksCase], (chat) => ({
  async *events(id, cursor, ctx) {
    for await (const event of chat.events(id, cursor, ctx)) {
      yield event;
      if (event.type === "delivered") yield event;
    }
  },
}));

describeFaulty("chat", "what was missed is left out after a cursor", [cursorCase, marksCase, joinCase], (chat) => ({
  async *events(id, cursor, ctx) {
    let left = cursor === undefined ? 0 : 1;
    for await (const event of chat.events(id, cursor, ctx)) {
      // The cases would wait for the end.
      const missed = event.type === "message" && event.message.text !== "the end" && left > 0;
      if (missed) left -= 1;
      else yield event;
    }
  },
}));

describeFaulty("chat", "pages of history overlap", [pagesCase, joinCase], (chat) => ({
  async history(id, before, ctx) {
    const page = await chat.history(id, before, ctx);
    return before === undefined ? page : { ...page, items: [...page.items, ...page.items.slice(-1)] };
  },
}));

describeFaulty("chat", "a page has the newest message first", [pagesCase, orderCase, joinCase, guestsCase], (chat) => ({
  async history(id, before, ctx) {
    const page = await chat.history(id, before, ctx);
    return { ...page, items: page.items.toReversed() };
  },
}));

describeFaulty("chat", "history's cursor is the conversation's start", [joinCase], (chat) => ({
  history: async (id, before, ctx) => ({ ...(await chat.history(id, before, ctx)), cursor: "0" }),
}));

describeFaulty(
  "chat",
  "everyone reads every chat's past",
  ["another member reads and writes nothing of my chat: it is not there"],
  (chat) => ({ history: async (id, before, ctx) => await chat.history(id, before, { ...ctx, member: ana }) }),
);

describeFaulty("chat", "the last chat is whoever's", [lastCase], (chat) => ({
  last: async (ctx) => await chat.last({ ...ctx, member: ana }),
}));

describeFaulty("chat", "what has ended is forgotten", [lastCase, handOffCase], (chat) => ({
  last: async (ctx) => await chat.current(ctx),
}));

describeFaulty(
  "chat",
  "the marks before the cursor are lost",
  ["the newest page says what was delivered and read before its cursor"],
  (chat) => ({
    async history(id, before, ctx) {
      const { delivered: _delivered, read: _read, ...page } = await chat.history(id, before, ctx);
      return page;
    },
  }),
);

describeFaulty(
  "chat",
  "a chat that has an agent still has a place",
  ["place, wait and grace are told while a chat waits, and no longer"],
  (chat) => ({
    async *events(id, cursor, ctx) {
      for await (const event of chat.events(id, cursor, ctx)) {
        yield event.type === "conversation"
          ? { ...event, conversation: { ...event.conversation, position: event.conversation.position ?? 1 } }
          : event;
      }
    },
  }),
);

describeFaulty(
  "uploads",
  "a file keeps the name that it came with",
  ["a file arrives whatever it is called, under a name of one visible line that is no path and no device"],
  (uploads) => ({ upload: async (file, ctx) => ({ ...(await uploads.upload(file, ctx)), name: file.name }) }),
);

describeFaulty("uploads", "an empty file is taken", ["an empty file is refused as invalid"], (uploads) => ({
  upload: async (file, ctx) => await uploads.upload(file.size === 0 ? new File([" "], file.name, file) : file, ctx),
}));

describeFaulty(
  "uploads",
  "a page is given back as a page",
  ["a page that says it is a picture is refused, or never given back as a page"],
  (uploads) => ({
    async download(id, ctx) {
      const blob = await uploads.download(id, ctx);
      const isPage = (await blob.slice(0, 9).text()) === "<!doctype";
      return isPage ? new Blob([blob], { type: "text/html" }) : blob;
    },
  }),
);

/** A desk that takes what a guest began for the member's, but for one fault. */
function describeFaultyMerge(
  fault: string,
  tests: readonly string[],
  spoil: (merge: NonNullable<Adapter["merge"]>) => NonNullable<Adapter["merge"]>,
) {
  describeAdapter({
    name: `with a fault: ${fault}`,
    gaps: [{ reason: fault, tests }],
    async create() {
      const { tickets: _, ...desk } = memory();
      const merge = spoil(desk.merge ?? never());
      return {
        adapterFor: async () => ({ ...desk, merge }),
        backend: desk.agent,
        members: [ana, boris],
        dispose: async () => await desk.dispose?.(),
      };
    },
  });
}

describeFaultyMerge(
  "what a guest began stays the guest's",
  [
    guestsCase,
    "a guest who has signed in gets to nothing that is the member's now",
    "signing in twice is signing in once",
    "of a guest's chat and a member's own the member's goes on, and no agent waits in the other",
    "what a guest sent and repeats as the member, since the answer was lost, arrives once",
  ],
  () => async () => undefined,
);

describeFaultyMerge("a guest who signs in twice is refused", ["signing in twice is signing in once"], (merge) => {
  const known = new Set<string>();
  return async (guest, ctx) => {
    if (known.has(guest.id)) throw new AdapterError("not-found", "there is no such guest");
    known.add(guest.id);
    await merge(guest, ctx);
  };
});

/** A desk that erases whom it is told to, but for one fault. */
function describeFaultyErasure(
  fault: string,
  tests: readonly string[],
  spoil: (erase: NonNullable<Adapter["erase"]>) => NonNullable<Adapter["erase"]>,
) {
  describeAdapter({
    name: `with a fault: ${fault}`,
    gaps: [{ reason: fault, tests }],
    async create() {
      const desk = memory();
      const erase = spoil(desk.erase ?? never());
      return {
        adapterFor: async () => ({ ...desk, erase }),
        backend: desk.agent,
        members: [ana, boris],
        dispose: async () => await desk.dispose?.(),
      };
    },
  });
}

const goneCase = "what is erased is gone, what is kept is named with its reason, and nobody else loses anything";

describeFaultyErasure(
  "what would be erased is erased at once",
  ["what would be erased is told, and nothing is gone by that"],
  (erase) => (member, how) => erase(member, { ...how, remove: true }),
);
describeFaultyErasure(
  "nothing is erased, whatever is told",
  [goneCase, "erasing twice is erasing once"],
  (erase) => (member, how) => erase(member, { ...how, remove: false }),
);
describeFaultyErasure(
  "another member is erased as well",
  [goneCase],
  (erase) =>
    async function* everybody(member, how) {
      yield* erase(member, how);
      yield* erase(boris, how);
    },
);
describeFaultyErasure(
  "a member's words stand in what is told",
  ["what would be erased is told, and nothing is gone by that"],
  (erase) =>
    async function* telling(member, how) {
      for await (const each of erase(member, how)) yield { ...each, text: `${each.text} "My secret"` };
    },
);
