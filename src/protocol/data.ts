import * as v from "valibot";

// The gateway's answers, as the browser validates them. Unknown properties are dropped, not refused: a newer gateway
// may send more. Limits for requests are in requests.ts, which browsers don't load.

export const member = v.object({
  id: v.string(),
  name: v.exactOptional(v.string()),
  email: v.exactOptional(v.string()),
  rank: v.exactOptional(v.string()),
  locale: v.exactOptional(v.string()),
  guest: v.exactOptional(v.boolean()),
});

// A newer gateway may send other values. They fall back to the closest known one, shown with the desk's label if it has
// one, so that the rest of the answer can be used.
const role = v.fallback(v.picklist(["member", "agent", "participant", "system"]), "agent");
const ticketStatus = v.fallback(v.picklist(["open", "awaiting", "resolved"]), "open");

export const author = v.object({
  id: v.string(),
  name: v.exactOptional(v.string()),
  role,
  picture: v.exactOptional(v.string()),
});

export const attachment = v.object({
  id: v.string(),
  name: v.string(),
  bytes: v.number(),
  type: v.string(),
});

export const message = v.object({
  id: v.string(),
  clientId: v.exactOptional(v.string()),
  author,
  text: v.string(),
  at: v.string(),
  attachments: v.exactOptional(v.array(attachment)),
  change: v.exactOptional(v.object({ status: ticketStatus })),
});

export const rating = v.object({ score: v.picklist([1, 2, 3, 4, 5]), comment: v.exactOptional(v.string()) });

export const ticket = v.object({
  id: v.string(),
  number: v.string(),
  title: v.string(),
  status: ticketStatus,
  statusLabel: v.exactOptional(v.string()),
  createdAt: v.string(),
  updatedAt: v.string(),
  updatedBy: v.exactOptional(role),
  expectedAt: v.exactOptional(v.string()),
  rating: v.exactOptional(rating),
  lastMessage: v.exactOptional(v.object({ author, text: v.string() })),
  can: v.exactOptional(
    v.object({
      reply: v.exactOptional(v.boolean()),
      resolve: v.exactOptional(v.boolean()),
      reopen: v.exactOptional(v.boolean()),
      rate: v.exactOptional(v.boolean()),
    }),
  ),
});
export const ticketCounts = v.object({ open: v.number(), awaiting: v.number(), all: v.number() });

/** `version` is the answer's `ETag` too. */
export const unreadTickets = v.object({ awaiting: v.number(), version: v.string() });

const next = v.exactOptional(v.string());
export const ticketPage = v.object({ items: v.array(ticket), next });
export const messagePage = v.object({ items: v.array(message), next });

export const field = v.object({
  key: v.string(),
  label: v.string(),
  kind: v.fallback(v.picklist(["text", "long-text", "select", "multi-select", "checkbox", "date", "number"]), "text"),
  options: v.exactOptional(v.array(v.object({ value: v.string(), label: v.string() }))),
  required: v.exactOptional(v.boolean()),
  help: v.exactOptional(v.string()),
  pattern: v.exactOptional(v.string()),
  showWhen: v.exactOptional(
    v.object({ key: v.string(), values: v.array(v.union([v.string(), v.number(), v.boolean()])) }),
  ),
});
export const fieldList = v.object({ items: v.array(field) });

const articleTitle = v.object({ id: v.string(), title: v.string(), language: v.exactOptional(v.string()) });
export const articleList = v.object({ items: v.array(articleTitle) });
export const article = v.object({ ...articleTitle.entries, text: v.string() });

export const availability = v.object({
  open: v.boolean(),
  opensAt: v.exactOptional(v.string()),
  languages: v.exactOptional(v.array(v.string())),
  waitMs: v.exactOptional(v.number()),
});

export const conversation = v.object({
  id: v.string(),
  status: v.fallback(v.picklist(["queued", "active", "ended"]), "active"),
  position: v.exactOptional(v.number()),
  waitMs: v.exactOptional(v.number()),
  graceMs: v.exactOptional(v.number()),
  agent: v.exactOptional(author),
  createdAt: v.string(),
  ticketRequestedBy: v.exactOptional(author),
  ticket: v.exactOptional(v.object({ id: v.string(), number: v.string() })),
});
export const chatHistory = v.object({
  items: v.array(message),
  next,
  cursor: v.exactOptional(v.string()),
  delivered: v.exactOptional(v.string()),
  read: v.exactOptional(v.string()),
});
/** Empty if the member has no open conversation. */
export const currentConversation = v.object({ conversation: v.exactOptional(conversation) });

const cursor = v.exactOptional(v.string());
export const ticketEvent = v.variant("type", [
  v.object({ type: v.literal("ticket"), cursor, ticket }),
  v.object({ type: v.literal("message"), cursor, ticketId: v.string(), message }),
  v.object({ type: v.literal("removed"), cursor, ticketId: v.string() }),
]);
/** Where a stream that was opened without a cursor begins. */
export const positionEvent = v.object({ type: v.literal("position"), cursor: v.string() });
export const ticketStreamEvent = v.variant("type", [...ticketEvent.options, positionEvent]);
export const chatEvent = v.variant("type", [
  v.object({ type: v.literal("message"), cursor, message }),
  v.object({ type: v.literal("message-removed"), cursor, messageId: v.string() }),
  v.object({ type: v.literal("conversation"), cursor, conversation }),
  v.object({ type: v.literal("typing"), cursor, author, typing: v.boolean() }),
  v.object({ type: v.literal("delivered"), cursor, messageId: v.string() }),
  v.object({ type: v.literal("read"), cursor, messageId: v.string() }),
  v.object({ type: v.literal("ticket-requested"), cursor, by: author }),
]);

export const uploadLimits = v.object({
  maxBytes: v.exactOptional(v.number()),
  accept: v.exactOptional(v.array(v.string())),
  maxFiles: v.exactOptional(v.number()),
});

const areaAccess = v.variant("allowed", [
  v.object({ allowed: v.literal(true) }),
  v.object({
    allowed: v.literal(false),
    reason: v.fallback(v.picklist(["sign-in", "rank"]), "sign-in"),
    from: v.exactOptional(v.string()),
  }),
]);
export const session = v.object({
  member: v.exactOptional(member),
  access: v.object({ tickets: areaAccess, chat: areaAccess }),
  team: v.exactOptional(v.string()),
  agents: v.exactOptional(v.array(v.object({ name: v.string(), picture: v.exactOptional(v.string()) }))),
  notice: v.exactOptional(v.string()),
  consent: v.exactOptional(v.string()),
});

/** The optional methods that the desk's adapter implements, by part. A part without an entry is not available. */
const capabilities = v.object({
  tickets: v.exactOptional(v.array(v.string())),
  chat: v.exactOptional(v.array(v.string())),
  uploads: v.exactOptional(v.array(v.string())),
  articles: v.exactOptional(v.boolean()),
  accounts: v.exactOptional(v.boolean()),
  chatPage: v.exactOptional(v.boolean()),
  merge: v.exactOptional(v.boolean()),
  unread: v.exactOptional(v.boolean()),
});
const ticketLimits = v.object({ title: v.exactOptional(v.number()), text: v.exactOptional(v.number()) });
export const sessionAnswer = v.object({
  session,
  capabilities,
  limits: v.exactOptional(uploadLimits),
  ticketLimits: v.exactOptional(ticketLimits),
});

/** A token issued by the gateway. Times are ISO 8601. */
export const tokenAnswer = v.object({ token: v.string(), member, expiresAt: v.string() });
/** What the chat page receives besides its token. */
export const redeemAnswer = v.object({
  ...tokenAnswer.entries,
  question: v.exactOptional(v.string()),
  locale: v.exactOptional(v.string()),
});
export const chatCodeAnswer = v.object({ url: v.string() });
