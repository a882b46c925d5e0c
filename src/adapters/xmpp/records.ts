import * as v from "valibot";

/**
 * Records that copies of the gateway write into rooms for each other, in addition to visible text. The archive is the
 * only state of chats: reading it from its start gives everything.
 */

const agent = v.object({ name: v.string(), jid: v.string() });
const ticket = v.object({ id: v.string(), number: v.string() });

/** Known from the chat's beginning. */
const head = {
  id: v.string(),
  code: v.string(),
  memberId: v.string(),
  name: v.string(),
  ticketId: v.exactOptional(v.string()),
  guest: v.exactOptional(v.literal(true)),
};

/** In the lobby: the records of the queue, in the lobby's order, which is the same for every copy. */
const lobbyRecord = v.variant("type", [
  v.object({ type: v.literal("opened"), ...head }),
  v.object({ type: v.literal("taken"), id: v.string(), agent }),
  /** From one agent to another. */
  v.object({ type: v.literal("passed"), id: v.string(), agent }),
  v.object({ type: v.literal("back"), id: v.string() }),
  v.object({ type: v.literal("ended"), id: v.string() }),
  v.object({ type: v.literal("asked"), id: v.string(), agent }),
  /** Its room is gone: all copies forget it. */
  v.object({ type: v.literal("erased"), id: v.string() }),
  v.object({ type: v.literal("ticket"), id: v.string(), ticket }),
  v.object({
    type: v.literal("rated"),
    id: v.string(),
    score: v.picklist([1, 2, 3, 4, 5]),
    comment: v.exactOptional(v.string()),
  }),
]);

/** An open chat, with the ids of the records that led to its state. */
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

/** In the lobby: the result of the entries up to `after`, so that a copy need not read all of them. */
const snapshotRecord = v.object({
  type: v.literal("snapshot"),
  /** The same for all of its parts. */
  id: v.string(),
  after: v.string(),
  part: v.number(),
  parts: v.number(),
  /** The last waits, in milliseconds. */
  waits: v.array(v.number()),
  chats: v.array(chatSnapshot),
  /** Ended chats: the id, and when the opening was written. Earlier versions wrote none. */
  spent: v.exactOptional(v.array(v.tuple([v.string(), v.string()]))),
});

const file = v.object({ url: v.string(), name: v.string(), type: v.string(), bytes: v.number() });

/** In a conversation's own room: the member's events, in order. */
const chatRecord = v.variant("type", [
  /** The member's message: the body, or the text here, if XML does not preserve all of it. */
  v.object({
    type: v.literal("said"),
    clientId: v.string(),
    text: v.exactOptional(v.string()),
    files: v.array(file),
  }),
  /** The whole new state, without the place in the queue, which readers derive from the lobby. */
  v.object({
    type: v.literal("state"),
    status: v.picklist(["queued", "active", "ended"]),
    agent: v.exactOptional(agent),
    askedBy: v.exactOptional(agent),
    ticket: v.exactOptional(ticket),
  }),
  /** An agent has received, or has read, the messages up to the one with this archive id. */
  v.object({ type: v.literal("mark"), mark: v.picklist(["delivered", "read"]), id: v.string() }),
  /** Only for agents. */
  v.object({ type: v.literal("note") }),
]);

export type LobbyRecord = v.InferOutput<typeof lobbyRecord>;
export type ChatRecord = v.InferOutput<typeof chatRecord>;
export type AgentRecord = v.InferOutput<typeof agent>;
export type FileRecord = v.InferOutput<typeof file>;

export type SnapshotRecord = v.InferOutput<typeof snapshotRecord>;
export type ChatSnapshot = v.InferOutput<typeof chatSnapshot>;

/** Undefined for people's messages, and for records of a later version. */
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
