import { chatHelp, lobbyHelp, type Command } from "./commands.ts";
import type { Faults } from "./faults.ts";
import type { Link } from "./link.ts";
import type { Lobby } from "./lobby.ts";
import { isCopy } from "./occupants.ts";
import { labelOf, oneLine } from "./names.ts";
import { roomOf, type XmppSettings } from "./settings.ts";
import type { Chat } from "./queue.ts";
import type { AgentRecord, LobbyRecord } from "./records.ts";
import type { Session } from "./session.ts";
import type { StateRecord } from "./chat-log.ts";
import { xml } from "./xml.ts";

export interface CareContext {
  readonly faults: Faults;
  readonly settings: XmppSettings;
  readonly link: Link;
  readonly lobby: Lobby;
}

/** The work that exactly one copy of the gateway does for a conversation, or for the lobby. */
export interface Care {
  inLobby(command: Command, nick: string): void;
  inChat(session: Session, command: Command, nick: string): void;
  mark(session: Session, mark: "delivered" | "read", id: string): void;
  /** Tells the agent, once per chat, that the member can't read encrypted messages. */
  encrypted(session: Session): void;
  /** Copies the state from the lobby's archive to the conversation's own, and invites the agent. */
  mirror(session: Session): Promise<void>;
  /** Releases places of absent members. Called about once a second. */
  watch(session: Session): void;
}

/** The maximum number of lines that are read. */
const LISTED_MAX = 50;

interface Absence {
  memberSince: number | undefined;
  agentSince: number | undefined;
  shownAway: boolean;
  /** The time of this copy's previous check. */
  lookedAt: number;
}

/**
 * Checks run about once a second. After a longer pause, earlier observations are void: another copy has checked
 * meanwhile.
 */
const PAUSE_MS = 10_000;

export function createCare({ faults, link, lobby, settings }: CareContext): Care {
  const mirroring = new WeakSet<Session>();
  const absences = new WeakMap<Session, Absence>();
  /** Written, but not yet received from the lobby. */
  const taking = new WeakMap<Chat, Promise<void>>();

  function agentNamed(room: Lobby["room"], nick: string): AgentRecord | undefined {
    const occupant = room.occupants.get(nick);
    return occupant === undefined || isCopy(occupant, settings.copies) ? undefined : { name: nick, jid: occupant.jid };
  }

  function tell(room: Lobby["room"], nick: string, text: string): void {
    room.tell([xml("body", {}, text)], nick);
  }

  /** A failed write is repeated: the command is given again, or the absence continues. */
  function write(record: LobbyRecord, text: string): void {
    void lobby.write(record, text).catch(() => undefined);
  }

  function invite(agentJid: string, chat: Chat): void {
    const reason = `${labelOf(chat)} #${chat.code}`;
    const invitation = xml("x", { xmlns: "jabber:x:conference", jid: roomOf(chat.id, settings), reason });
    const body = xml("body", {}, `${reason}: join xmpp:${roomOf(chat.id, settings)}?join`);
    link.send(xml("message", { to: agentJid, id: crypto.randomUUID() }, body, invitation));
  }

  function take(code: string | undefined, nick: string): void {
    const chat = code === undefined ? lobby.queue.waiting()[0] : lobby.queue.byCode(code);
    const agent = agentNamed(lobby.room, nick);
    if (agent === undefined) return;
    if (chat === undefined) {
      tell(
        lobby.room,
        nick,
        code === undefined ? "No member is waiting." : `There is no #${oneLine(code, 60)}. The waiting members: !queue`,
      );
    } else if (chat.agent?.jid === agent.jid && chat.status === "active") {
      invite(agent.jid, chat);
    } else if (chat.status !== "queued") {
      tell(lobby.room, nick, chat.agent ? `${chat.agent.name} has #${chat.code}.` : `#${chat.code} has ended.`);
    } else if (taking.has(chat)) {
      // Another agent was faster: its outcome is reported.
      void taking.get(chat)?.then(() => faults.guard("a command", () => take(code, nick)));
    } else {
      const text = `${nick} has ${labelOf(chat)} #${chat.code}.`;
      const written = lobby
        .write({ type: "taken", id: chat.id, agent }, text)
        .catch(() => undefined)
        .finally(() => taking.delete(chat));
      taking.set(chat, written);
    }
  }

  function pass(chat: Chat, session: Session, to: string, nick: string): void {
    const colleague = lobby.agents().find((each) => each.nick.toLowerCase() === to.toLowerCase());
    if (colleague === undefined) {
      const names = lobby.agents().map((each) => each.nick);
      tell(
        session.room,
        nick,
        `There is no "${oneLine(to, 60)}" in the lobby. There: ${oneLine(names.join(", "), 2000)}`,
      );
      return;
    }
    const agent = { name: colleague.nick, jid: colleague.jid };
    write({ type: "passed", id: chat.id, agent }, `${nick} hands ${labelOf(chat)} #${chat.code} to ${agent.name}.`);
  }

  async function enteredState(session: Session): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- the state may have changed while it was written
      await session.enter();
      const wanted = stateRecord(session.chat);
      const stands = session.log.state();
      if (isSameState(stands, wanted)) return;
      if (wanted.agent && wanted.status === "active" && stands?.agent?.jid !== wanted.agent.jid) {
        // oxlint-disable-next-line no-await-in-loop -- an agent who is named since the room was made may not come in yet
        await session.room.allow(wanted.agent.jid, "member").catch(() => undefined);
        invite(wanted.agent.jid, session.chat);
      }
      // oxlint-disable-next-line no-await-in-loop -- see above
      await session.room.post({ id: crypto.randomUUID(), record: wanted });
    }
  }

  function absenceOf(session: Session, now: number): Absence {
    const known = absences.get(session) ?? {
      memberSince: undefined,
      agentSince: undefined,
      shownAway: false,
      lookedAt: now,
    };
    if (now - known.lookedAt > PAUSE_MS) {
      known.memberSince = undefined;
      known.agentSince = undefined;
    }
    known.lookedAt = now;
    absences.set(session, known);
    return known;
  }

  function watchMember(session: Session, absence: Absence, now: number): void {
    const { chat, log, room } = session;
    const elsewhere = [...room.occupants.values()].filter((each) => isCopy(each, settings.copies)).length > 1;
    const here = log.listeners() > 0 || elsewhere;
    if (absence.shownAway === here) {
      absence.shownAway = !here;
      room.presence(here ? undefined : "away", here ? "" : "not connected");
    }
    absence.memberSince = here ? undefined : (absence.memberSince ?? now);
    const gone = absence.memberSince !== undefined && now - absence.memberSince > settings.graceMs;
    if (chat.status !== "queued" || !gone) return;
    absence.memberSince = now;
    write({ type: "ended", id: chat.id }, `${labelOf(chat)} #${chat.code} is gone.`);
  }

  function watchAgent(session: Session, absence: Absence, now: number): void {
    const { chat, room } = session;
    const agentJid = chat.status === "active" ? chat.agent?.jid : undefined;
    const here = agentJid === undefined || [...room.occupants.values()].some(({ jid }) => jid === agentJid);
    absence.agentSince = here ? undefined : (absence.agentSince ?? now);
    if (absence.agentSince === undefined || now - absence.agentSince <= settings.agentGraceMs) return;
    absence.agentSince = now;
    write({ type: "back", id: chat.id }, `${chat.agent?.name} is gone: ${labelOf(chat)} #${chat.code} waits again.`);
  }

  return {
    inLobby(command, nick) {
      if (command.name === "take") take(command.code, nick);
      else if (command.name === "queue") tell(lobby.room, nick, listed(lobby.queue.waiting()));
      else tell(lobby.room, nick, lobbyHelp);
    },
    inChat(session, command, nick) {
      const { chat } = session;
      const agent = agentNamed(session.room, nick);
      if (agent === undefined) return;
      const what = `${labelOf(chat)} #${chat.code}`;
      if (command.name === "end") write({ type: "ended", id: chat.id }, `${nick} ended the chat with ${what}.`);
      else if (command.name === "back")
        write({ type: "back", id: chat.id }, `${nick} gives ${what} back: who takes it?`);
      else if (command.name === "ticket")
        write({ type: "asked", id: chat.id, agent }, `${nick} asks ${what} for a ticket.`);
      else if (command.name === "to") pass(chat, session, command.nick, nick);
      else if (command.name === "take" && chat.status === "queued") {
        write({ type: "taken", id: chat.id, agent }, `${nick} has ${what}.`);
      } else tell(session.room, nick, chatHelp);
    },
    mark(session, mark, id) {
      const anew = session.log.unmarked(mark, id);
      if (anew === undefined) return;
      const record = { type: "mark", mark, id: anew };
      void session.room.post({ id: crypto.randomUUID(), record }).catch(() => undefined);
    },
    encrypted({ chat, log, room }) {
      const id = `encrypted-${chat.id}`;
      if (chat.status === "ended" || log.sent(id)) return;
      const body = `[Podpora] ${labelOf(chat)} cannot read encrypted messages. Turn encryption off in this room, and write it again.`;
      void room.post({ id, body, record: { type: "note" } }).catch(() => undefined);
    },
    async mirror(session) {
      if (mirroring.has(session)) return;
      mirroring.add(session);
      try {
        await enteredState(session);
      } catch {
        // `watch` will retry it.
      } finally {
        mirroring.delete(session);
      }
    },
    watch(session) {
      if (!session.room.entered || !isSameState(session.log.state(), stateRecord(session.chat))) {
        void this.mirror(session);
        return;
      }
      const now = Date.now();
      const absence = absenceOf(session, now);
      watchMember(session, absence, now);
      watchAgent(session, absence, now);
    },
  };
}

function stateRecord({ agent, askedBy, status, ticket }: Chat): StateRecord {
  return {
    type: "state",
    status,
    ...(agent === undefined || status === "queued" ? {} : { agent }),
    ...(askedBy === undefined ? {} : { askedBy }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

function isSameState(one: StateRecord | undefined, other: StateRecord): boolean {
  const isSameAgent = (a?: AgentRecord, b?: AgentRecord) => a?.jid === b?.jid && a?.name === b?.name;
  return (
    one?.status === other.status &&
    isSameAgent(one.agent, other.agent) &&
    isSameAgent(one.askedBy, other.askedBy) &&
    one.ticket?.id === other.ticket?.id &&
    one.ticket?.number === other.ticket?.number
  );
}

function listed(waiting: readonly Chat[]): string {
  if (waiting.length === 0) return "No member is waiting.";
  const more = waiting.length > LISTED_MAX ? [`and ${waiting.length - LISTED_MAX} more`] : [];
  const lines = waiting
    .slice(0, LISTED_MAX)
    .map((chat) => `#${chat.code} ${labelOf(chat)}, since ${chat.openedAt.slice(11, 16)} UTC`);
  return [...lines, ...more].join("\n");
}
