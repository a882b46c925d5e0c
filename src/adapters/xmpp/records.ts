import * as v from "valibot";

/**
 * What copies of the gateway write into rooms for each other, beside what people read. The archive is the only place
 * where the state of chats stands: whoever reads it from its start knows all of it.
 */

const agent = v.object({ name: v.string(), jid: v.string() });
const ticket = v.object({ id: v.string(), number: v.string() });

/** What a chat has from its beginning. */
const head = {
  id: v.string(),
  code: v.string(),
  memberId: v.string(),
  name: v.string(),
  ticketId: v.exactOptional(v.string()),
  guest: v.exactOptional(v.literal(true)),
};

/** In the lobby: what makes the queue. Its order is the lobby's, so every copy sees the same one. */
const lobbyRecord = v.variant("type", [
  v.object({ type: v.literal("opened"), ...head }),
  v.object({ type: v.literal("taken"), id: v.string(), agent }),
  /** From one agent to another. */
  v.object({ type: v.literal("passed"), id: v.string(), agent }),
  v.object({ type: v.literal("back"), id: v.string() }),
  v.object({ type: v.literal("ended"), id: v.string() }),
  v.object({ type: v.literal("asked"), id: v.string(), agent }),
  /** Its room is gone: nobody knows it any more. */
  v.object({ type: v.literal("erased"), id: v.string() }),
  v.object({ type: v.literal("ticket"), id: v.string(), ticket }),
  v.object({
    type: v.literal("rated"),
    id: v.string(),
    score: v.picklist([1, 2, 3, 4, 5]),
    comment: v.exactOptional(v.string()),
  }),
]);

/** A chat that is open, with the ids of the records that made it what it is. */
const chatSnapshot = v.object({
  ...head,
  openedAt: v.string(),
  status: v.picklist(["queued", "active"]),
  turn: v.number(),
  takenAt: v.exactOptional(v.string()),
  agent: v.exactOptional(agent),
  askedBy: v.exactOptional(agent),
  ticket: v.exactOptional(ticket),
  records: v.array(v.string()),
});

/** In the lobby: what the entries up to `after` come to, so that nobody has to read them all. */
const snapshotRecord = v.object({
  type: v.literal("snapshot"),
  /** The same for all of its parts. */
  id: v.string(),
  after: v.string(),
  part: v.number(),
  parts: v.number(),
  /** How long the last ones waited, in milliseconds. */
  waits: v.array(v.number()),
  chats: v.array(chatSnapshot),
  /** Of chats that are open no more: the id, and when its opening was written. Earlier versions wrote none. */
  spent: v.exactOptional(v.array(v.tuple([v.string(), v.string()]))),
});

const file = v.object({ url: v.string(), name: v.string(), type: v.string(), bytes: v.number() });

/** In a conversation's own room: what the member is told of, in the order in which they are told. */
const chatRecord = v.variant("type", [
  /** The member's words: the body of the message, or the text here, where XML does not keep all of it. */
  v.object({
    type: v.literal("said"),
    clientId: v.string(),
    text: v.exactOptional(v.string()),
    files: v.array(file),
  }),
  /** The whole new state. The place in the queue is none of it: whoever reads works it out of the lobby. */
  v.object({
    type: v.literal("state"),
    status: v.picklist(["queued", "active", "ended"]),
    agent: v.exactOptional(agent),
    askedBy: v.exactOptional(agent),
    ticket: v.exactOptional(ticket),
  }),
  /** An agent has, or has read, the messages up to the one with this archive id. */
  v.object({ type: v.literal("mark"), mark: v.picklist(["delivered", "read"]), id: v.string() }),
  /** For agents alone. */
  v.object({ type: v.literal("note") }),
]);

export type LobbyRecord = v.InferOutput<typeof lobbyRecord>;
export type ChatRecord = v.InferOutput<typeof chatRecord>;
export type AgentRecord = v.InferOutput<typeof agent>;
export type FileRecord = v.InferOutput<typeof file>;

export type SnapshotRecord = v.InferOutput<typeof snapshotRecord>;
export type ChatSnapshot = v.InferOutput<typeof chatSnapshot>;

/** Undefined for people's messages, and for what a later version wrote. */
export const lobbyRecordOf = (json: string | undefined): LobbyRecord | undefined => read(lobbyRecord, json);
export const chatRecordOf = (json: string | undefined): ChatRecord | undefined => read(chatRecord, json);
export const snapshotRecordOf = (json: string | undefined): SnapshotRecord | undefined =>
  json?.includes('"type":"snapshot"') ? read(snapshotRecord, json) : undefined;

function read<T>(schema: v.GenericSchema<unknown, T>, json: string | undefined): T | undefined {
  if (json === undefined) return undefined;
  try {
    const result = v.safeParse(schema, JSON.parse(json));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
