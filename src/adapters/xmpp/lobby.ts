import { addressOf } from "./admission.ts";
import { commandOf, type Command } from "./commands.ts";
import type { Entry } from "./entry.ts";
import { isCopy, type Occupant } from "./occupants.ts";
import { createLobbyArchive } from "./lobby-archive.ts";
import { roomOf, type XmppSettings } from "./settings.ts";
import { createQueue, type Chat, type Queue } from "./queue.ts";
import type { LobbyRecord } from "./records.ts";
import { allow, missingOwners } from "./room-setup.ts";
import { createRoom, type Room, type RoomContext } from "./room.ts";
import { bareOf } from "./xml.ts";

export interface LobbyListener {
  /** While the archive is read, nothing is sent; afterwards, all that is open. */
  changed(chats: Iterable<Chat>): void;
  /** The places of waiting members. */
  moved(): void;
  command(command: Command, nick: string): void;
  /** Agents and copies of the gateway who joined or left. */
  occupants(): void;
}

/** The room where agents see waiting members, and whose archive is the queue. */
export interface Lobby {
  readonly queue: Queue;
  readonly room: Room;
  enter(): Promise<void>;
  /** Resolves once every copy will see it. `text` is for agents, `field` is the part that could be too long. */
  write(record: LobbyRecord, text: string, id?: string, field?: string): Promise<void>;
  agents(): readonly Occupant[];
  /** Whether the gateway owns the room: otherwise someone else joined it before it existed. */
  isOurs(): boolean;
  /** Whether this copy manages `what`. Every copy computes the same answer. */
  isMine(what: string): boolean;
  /** Resolves once ended chats are known too: a starting copy first knows the open ones. */
  whole(): Promise<void>;
  stop(): void;
}

export function createLobby(context: RoomContext, settings: XmppSettings, listener: LobbyListener): Lobby {
  const { link } = context;
  const queue = createQueue(settings.graceMs);
  const own = bareOf(link.jid);
  const others = settings.copies.map(addressOf).filter((copy) => copy !== own);
  let told = false;

  function add(entry: Entry, live: boolean): void {
    past.applied(entry);
    const change = queue.apply(entry);
    if (told && change) listener.changed([change.chat]);
    if (told && change?.moved) listener.moved();
    const command = live && entry.record === undefined ? commandOf(entry.body) : undefined;
    if (command) listener.command(command, entry.nick);
    if (live) past.keep();
  }

  const room = createRoom(
    context,
    {
      jid: `${settings.lobby}@${settings.rooms}`,
      nick: "Podpora",
      plainNick: "Podpora",
      title: "Members who wait",
      owners: others,
      members: settings.agents,
    },
    { entry: add, occupants: () => listener.occupants(), recall: async () => await past.recall() },
  );

  const past = createLobbyArchive({
    archive: context.archive,
    every: settings.snapshotEvery,
    faults: context.faults,
    isMine: () => isMine("lobby"),
    keepMs: settings.keepMs,
    queue,
    // Quotation marks are longer in XML.
    partBytes: settings.maxStanzaBytes * 0.4,
    room: room.jid,
    write: async (record) => await room.post({ id: crypto.randomUUID(), record }),
  });

  /** Admits copies that were configured after the lobby was created to it, and to the rooms of open chats. */
  async function admitCopies(): Promise<void> {
    const added = await missingOwners(link, room.jid, others);
    const rooms = added.length === 0 ? [] : [room.jid, ...[...queue.open()].map(({ id }) => roomOf(id, settings))];
    for (const each of rooms) {
      // oxlint-disable-next-line no-await-in-loop -- no more at once than the server is asked anyway
      await Promise.all(added.map(async (copy) => await allow(link, each, copy, "owner").catch(() => undefined)));
    }
  }

  function isMine(what: string): boolean {
    const copies = [...room.occupants.values()].filter((each) => isCopy(each, settings.copies)).map(({ jid }) => jid);
    const best = [...new Set([...copies, own])].toSorted((a, b) => weight(what, b) - weight(what, a))[0];
    return best === own;
  }

  return {
    queue,
    room,
    async enter() {
      await room.enter();
      if (told) return;
      told = true;
      // The allowed agents may have changed since the room was created.
      for (const agent of settings.agents) void room.allow(agent, "member").catch(() => undefined);
      void admitCopies();
      listener.changed(queue.open());
    },
    async write(record, text, id = crypto.randomUUID(), field = "text") {
      await room.post({ id, body: text, record, field });
    },
    agents: () => [...room.occupants.values()].filter((each) => !isCopy(each, settings.copies)),
    isOurs: () => [...room.occupants.values()].some(({ jid, owner }) => owner && jid === own),
    isMine,
    whole: async () => await past.whole(),
    stop: () => past.stop(),
  };
}

/** Rendezvous hashing, by FNV-1a: the work of a copy that stops is spread over the others, and nothing else moves. */
function weight(what: string, copy: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${what} ${copy}`)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
