import { memory } from "../../src/adapters/memory/index.ts";
import type { Adapter, Author, CallContext, ChatEvent, Message } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { article, articles } from "./articles.ts";
import { answers, form } from "./form.ts";
import { ana, boris } from "./members.ts";

type Part = "tickets" | "chat" | "uploads" | "articles";
type Api<P extends Part> = Required<NonNullable<Adapter[P]>>;

// The contract is run against desks with one fault each. A gap passes only while its cases fail, so each fault lists
// the cases that find it.
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
      const desk = memory({ fields: form, articles });
      const { tickets: _tickets, chat: _chat, uploads, ...rest } = desk;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- memory has all of them
      const api = desk[part] as unknown as Api<P>;
      // Parts unrelated to the fault are omitted: their cases are skipped.
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
        article,
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

const changesCase = "each status change is a line in the thread with its author, in order, and is sent live";
const participantCase = "what a colleague in Cc writes is neither the member's nor an agent's";
const removalCase = "a removed ticket is reported live and is not found afterwards";
const guestsCase = "a guest's chat is the member's after sign-in, with all messages";
const contextCase = "the widget's context reaches agents, and is not in the member's thread";

describeFaulty(
  "articles",
  "a search returns everything",
  [
    "a search that matches no article returns an empty list",
    "a search by a word of its title finds the article, which has a text",
  ],
  () => ({
    async search(_text, { signal }) {
      signal.throwIfAborted();
      return [{ id: "invoice", title: "Where is the invoice?" }];
    },
  }),
);

describeFaulty("articles", "an unknown article is an empty one", ["an unknown article is not found"], (api) => ({
  get: async (id, ctx) => await api.get(id, ctx).catch(() => ({ id, title: "", text: "" })),
}));

describeFaulty(
  "articles",
  "the abort of a search is ignored",
  ["a search with an aborted signal rejects with the signal's reason"],
  (api) => ({ search: async (text, ctx) => await api.search(text, deaf(ctx)) }),
);

describeFaulty(
  "tickets",
  "a retry makes a second ticket",
  [
    "the same ticket sent twice is one ticket",
    "the same ticket sent five times concurrently is one ticket",
    "a ticket that was aborted while sending and is sent again is one ticket",
  ],
  (tickets) => ({ create: async (draft, ctx) => await tickets.create({ ...draft, clientId: anew() }, ctx) }),
);

describeFaulty(
  "tickets",
  "everyone sees every ticket",
  ["another member can't read or change my tickets: they are not found"],
  (tickets) => ({
    get: async (id, ctx) =>
      await tickets.get(id, ctx).catch(async () => await tickets.get(id, { ...ctx, member: ana })),
  }),
);

describeFaulty(
  "tickets",
  "everyone rates every ticket",
  ["another member can't read or change my tickets: they are not found"],
  (tickets) => ({ rate: async (id, rating, ctx) => await tickets.rate(id, rating, { ...ctx, member: ana }) }),
);

describeFaulty(
  "tickets",
  "signals are not looked at",
  ["a ticket call with an already aborted signal rejects with the signal's reason and has no effect"],
  (tickets) => ({ create: async (draft, ctx) => await tickets.create(draft, deaf(ctx)) }),
);

describeFaulty(
  "tickets",
  "events come twice",
  [
    "an agent's reply and a status change reach the member live, once",
    "ticket events resume after a cursor, without gaps or duplicates",
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
  ["ticket events resume after a cursor, without gaps or duplicates", removalCase],
  (tickets) => ({ events: (_cursor, ctx) => tickets.events(undefined, ctx) }),
);

describeFaulty("tickets", "text is cut", ["a ticket of 10,000 characters arrives complete"], (tickets) => ({
  create: async (draft, ctx) => await tickets.create({ ...draft, text: draft.text.slice(0, 9999) }, ctx),
}));

describeFaulty(
  "tickets",
  "pages overlap",
  [
    "pages of tickets have no gaps or duplicates, last changed first",
    "250 tickets are read page by page, without gaps or duplicates, and are counted",
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
  ["counts match the lists, after every change too"],
  (tickets) => ({ counts: async (ctx) => ({ ...(await tickets.counts(ctx)), awaiting: 0 }) }),
);

describeFaulty(
  "tickets",
  "counts are of everybody's tickets",
  ["lists, searches and counts include no other member's tickets"],
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
    "a search finds tickets with all of its words, in any order, ignoring case and accents",
    "wildcards, quotes and operators in a search are literal",
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
  ["wildcards, quotes and operators in a search are literal"],
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

describeFaulty(
  "tickets",
  "everything is the member's doing",
  ["a ticket says who changed it last", participantCase],
  (tickets) => ({
    get: async (id, ctx) => ({ ...(await tickets.get(id, ctx)), updatedBy: "member" }),
  }),
);

describeFaulty("tickets", "a colleague is an agent", [participantCase], (tickets) => ({
  async thread(...given) {
    const page = await tickets.thread(...given);
    const asAgent = ({ role, ...author }: Author): Author => ({
      ...author,
      role: role === "participant" ? "agent" : role,
    });
    return { ...page, items: page.items.map((message) => ({ ...message, author: asAgent(message.author) })) };
  },
}));

describeFaulty(
  "tickets",
  "a closed ticket looks open to replies",
  ["a ticket that is closed for good says so, and takes no reply until the desk asks something"],
  (tickets) => ({
    async get(id, ctx) {
      const { can: _can, ...ticket } = await tickets.get(id, ctx);
      return ticket;
    },
  }),
);

describeFaulty(
  "tickets",
  "a thread's first page is its oldest",
  ["a long thread is read from its newest page back to its start, without gaps or duplicates"],
  (tickets) => ({
    async thread(id, before, ctx) {
      const first = await tickets.thread(id, before, ctx);
      return before === undefined && first.next !== undefined ? await tickets.thread(id, first.next, ctx) : first;
    },
  }),
);

describeFaulty(
  "tickets",
  "an answer is promised for yesterday",
  ["the expected answer time is in the future, and absent once an agent has answered"],
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
  ["a rating is stored with its ticket, and the latest one counts"],
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
  ["only resolved tickets can be rated, with a score from 1 to 5"],
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
    "the form's answers arrive, of every kind",
    "a missing required field is refused by its name, and no ticket is created",
    "an invalid value is refused by its field's name, and no ticket is created",
    "an unknown field is refused by its name, and no ticket is created",
  ],
  (tickets) => ({
    create: async (draft, ctx) => await tickets.create({ ...draft, fields: { consent: true } }, ctx),
  }),
);

describeFaulty(
  "chat",
  "a chat is about nothing",
  ["a chat about a ticket refers to it at the desk", "a chat can't refer to another member's ticket"],
  (chat) => ({ open: async ({ ticketId: _ticketId, ...request }, ctx) => await chat.open(request, ctx) }),
);

const orderCase = "a hundred concurrent messages of both sides have the same order in every stream and in history";
const onceCase = "a chat message sent five times concurrently, and again after an abort, is one message";
const cursorCase = "chat events resume after any cursor, without gaps or duplicates";
const marksCase = "receipts only move forwards, each is sent once, and any cursor is followed by exactly the rest";
const pagesCase = "a chat's pages reach back to its start without gaps or duplicates, each in chronological order";
const joinCase = "the newest page and the events after its cursor join seamlessly while messages arrive";
const lastCase = "the last chat can be read after it has ended";
const handOffCase = "a ticket made from a chat has its files, and the two refer to each other";

describeFaulty(
  "chat",
  "a retry makes a second message",
  [
    "the same chat message sent several times concurrently is one message",
    "an agent joins, both sides write, and every message arrives once",
    onceCase,
    "a guest's message that is retried as the member after a lost answer arrives once",
  ],
  (chat) => ({
    send: async (id, draft, ctx) => await chat.send(id, { ...draft, clientId: anew() }, ctx),
  }),
);

describeFaulty(
  "chat",
  "each stream has an order of its own",
  ["everyone sees the messages in the same order, whenever they joined", orderCase],
  (chat) => {
    let streams = 0;
    return {
      async *events(id, cursor, ctx) {
        streams += 1;
        if (streams % 2 === 1) return yield* chat.events(id, cursor, ctx);
        // Every two messages of this stream are swapped.
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
  ["another member can't read or write in my chat: it is not found"],
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
  ["the newest page has the receipts before its cursor"],
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
  ["position, wait and grace period are sent only while a chat waits"],
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
  ["a file arrives under any name, cleaned to one visible line that is no path or device name"],
  (uploads) => ({ upload: async (file, ctx) => ({ ...(await uploads.upload(file, ctx)), name: file.name }) }),
);

describeFaulty("uploads", "an empty file is taken", ["an empty file is refused as invalid"], (uploads) => ({
  upload: async (file, ctx) => await uploads.upload(file.size === 0 ? new File([" "], file.name, file) : file, ctx),
}));

describeFaulty(
  "uploads",
  "a page is given back as a page",
  ["a page that claims to be a picture is refused, or never returned as a page"],
  (uploads) => ({
    async download(id, ctx) {
      const blob = await uploads.download(id, ctx);
      const isPage = (await blob.slice(0, 9).text()) === "<!doctype";
      return isPage ? new Blob([blob], { type: "text/html" }) : blob;
    },
  }),
);

/** A desk that transfers a guest's data to the member, with one fault. */
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
    "a guest's old token has no access to the member's data after sign-in",
    "signing in twice has no further effect",
    "if guest and member both have a chat, the member's continues and the guest's ends",
    "a guest's message that is retried as the member after a lost answer arrives once",
  ],
  () => async () => undefined,
);

describeFaultyMerge("a guest who signs in twice is refused", ["signing in twice has no further effect"], (merge) => {
  const known = new Set<string>();
  return async (guest, ctx) => {
    if (known.has(guest.id)) throw new AdapterError("not-found", "there is no such guest");
    known.add(guest.id);
    await merge(guest, ctx);
  };
});

/** A desk that erases members, with one fault. */
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

const goneCase = "erased data is gone, kept data is reported with a reason, and no one else loses anything";

describeFaultyErasure(
  "what would be erased is erased at once",
  ["a dry run reports what would be erased, and erases nothing"],
  (erase) => (member, how) => erase(member, { ...how, remove: true }),
);
describeFaultyErasure(
  "nothing is erased, whatever is told",
  [goneCase, "erasing twice has no further effect"],
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
  ["a dry run reports what would be erased, and erases nothing"],
  (erase) =>
    async function* telling(member, how) {
      for await (const each of erase(member, how)) yield { ...each, text: `${each.text} "My secret"` };
    },
);
