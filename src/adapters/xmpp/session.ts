import { addressOf } from "./admission.ts";
import { createChatLog, type ChatLog } from "./chat-log.ts";
import { commandOf, type Command } from "./commands.ts";
import type { Entry } from "./entry.ts";
import type { SharedFiles } from "./files.ts";
import { labelOf, nickOf, plainNickOf } from "./names.ts";
import { isCopy } from "./occupants.ts";
import { roomOf, type XmppSettings } from "./settings.ts";
import type { Chat, Place } from "./queue.ts";
import { createRoom, type Room, type RoomContext } from "./room.ts";
import { attributeOf, bareOf, childOf, elementsOf, resourceOf } from "./xml.ts";

export interface SessionContext extends RoomContext {
  readonly files: SharedFiles;
  readonly settings: XmppSettings;
  /** Of a waiting chat. */
  place(chat: Chat): Place;
}

export interface SessionListener {
  /** An agent's command, when it is given: earlier ones have been executed. */
  command(command: Command, nick: string): void;
  /** An agent wrote a message that only their own devices can read. */
  encrypted(): void;
  /** An agent's client has received, or shows, the messages up to the one with this id. */
  mark(mark: "delivered" | "read", id: string): void;
}

/** One conversation's room at this copy, and the member's events. */
export interface Session {
  readonly chat: Chat;
  readonly room: Room;
  readonly log: ChatLog;
  /** Joined, with everything in its archive. */
  enter(): Promise<void>;
}

const MARKERS = "urn:xmpp:chat-markers:0";
const RECEIPTS = "urn:xmpp:receipts";
const CHAT_STATES = "http://jabber.org/protocol/chatstates";

export function createSession(context: SessionContext, chat: Chat, listener: SessionListener): Session {
  const { faults, files, link, settings } = context;
  const log = createChatLog(chat, files, () => context.place(chat));
  /** Entries that wait for an earlier one, which needs a request first. */
  let behind: Promise<void> | undefined;

  function add(entry: Entry, live: boolean): void {
    if (behind === undefined && files.knows(entry)) {
      apply(entry, live);
      return;
    }
    const turn: Promise<void> = inTurn(behind, entry, live).finally(() => {
      if (behind === turn) behind = undefined;
    });
    behind = turn;
  }

  async function inTurn(before: Promise<void> | undefined, entry: Entry, live: boolean): Promise<void> {
    const learned = faults.settle("the size of a file", files.learn(entry));
    await before;
    await learned;
    faults.guard("a message of a chat", () => apply(entry, live));
  }

  function apply(entry: Entry, live: boolean): void {
    log.apply(entry);
    if (!live || entry.record !== undefined) return;
    if (entry.encrypted) listener.encrypted();
    const command = commandOf(entry.body);
    if (command) listener.command(command, entry.nick);
  }

  function signal(message: Element): void {
    const nick = resourceOf(attributeOf(message, "from") ?? "");
    const occupant = room.occupants.get(nick);
    if (occupant === undefined || isCopy(occupant, settings.copies)) return;
    for (const child of elementsOf(message)) {
      const typing = child.namespaceURI === CHAT_STATES ? child.localName === "composing" : undefined;
      if (typing !== undefined) log.typing(nick, typing);
      const id = attributeOf(child, "id") ?? "";
      if (child.namespaceURI === RECEIPTS && child.localName === "received") listener.mark("delivered", id);
    }
    const [shown, received] = [childOf(message, "displayed", MARKERS), childOf(message, "received", MARKERS)];
    if (received) listener.mark("delivered", attributeOf(received, "id") ?? "");
    if (shown) listener.mark("read", attributeOf(shown, "id") ?? "");
  }

  const own = bareOf(link.jid);
  const room = createRoom(
    context,
    {
      jid: roomOf(chat.id, settings),
      nick: nickOf(chat),
      plainNick: plainNickOf(chat),
      title: `${labelOf(chat)} #${chat.code}`,
      owners: settings.copies.map(addressOf).filter((owner) => owner !== own),
      members: settings.agents,
    },
    { entry: add, signal },
  );

  return {
    chat,
    room,
    log,
    async enter() {
      await room.enter();
      await behind;
      // Also messages written while no copy was running.
      if (log.hasEncrypted()) faults.guard("a note", () => listener.encrypted());
    },
  };
}
