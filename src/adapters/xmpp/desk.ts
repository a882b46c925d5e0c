import type { CallContext, Conversation, Member } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { atOnce } from "../../adapter/index.ts";
import { createAdmission } from "./admission.ts";
import { createArchive } from "./archive.ts";
import { createFaults } from "./faults.ts";
import { createFiles, type SharedFiles } from "./files.ts";
import { createCare } from "./care.ts";
import { createLink, type Link } from "./link.ts";
import { createLobby, type Lobby } from "./lobby.ts";
import type { XmppOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { REPLAY_MS } from "./entry.ts";
import { settingsOf, type XmppSettings } from "./settings.ts";
import type { Chat } from "./queue.ts";
import type { Room, RoomContext } from "./room.ts";
import { createSession, type Session } from "./session.ts";
import { createSignatures, trustOf } from "./signature.ts";
import { attributeOf, bareOf } from "./xml.ts";

/** What the parts of the adapter work with. */
export interface Desk extends RoomContext {
  readonly settings: XmppSettings;
  readonly lobby: Lobby;
  readonly files: SharedFiles;
  /** Passes stanzas from the server to the room. Returns a function that undoes it. */
  route(room: Room): () => void;
  /** The caller, once the queue is known. */
  asking(ctx: CallContext): Promise<Member>;
  /** The member's own conversation. Rejects with `not-found`, also for another member's. */
  owned(id: string, member: Member): Promise<Chat>;
  /** Joins the conversation's room, while it is needed. */
  session(chat: Chat): Promise<Session>;
  stateOf(chat: Chat): Conversation;
  listeners(): number;
  close(): void;
}

const RETRY_MS = 1000;
const SWEEP_MS = 1000;
const FORGET_MS = 60_000;
/** Simultaneous changes of the queue are sent together. */
const TOGETHER_MS = 50;
/** A room is left after this time without use. */
const IDLE_MS = 60_000;

/** A server that gets hundreds of joins at once answers the last ones after they have timed out. */
const ENTERED_AT_ONCE = 16;

const before = (ms: number): string => new Date(Date.now() - ms).toISOString();

export function openDesk(options: XmppOptions): Desk {
  const settings = settingsOf(options);
  const rooms = new Map<string, Room>();
  const sessions = new Map<string, { readonly session: Session; usedAt: number }>();
  const faults = createFaults(settings.onError);
  const signatures = createSignatures(settings.keys);
  const archive = createArchive(() => link, faults, trustOf(signatures));
  const { copies, maxStanzaBytes, rooms: roomService } = settings;
  const admission = createAdmission({ copies, link: () => link, rooms: roomService, signatures });
  const files = createFiles(() => link, settings.files, signatures);
  let closed = false;
  let moving: ReturnType<typeof setTimeout> | undefined;

  const link: Link = createLink(
    {
      servers: settings.servers,
      domain: settings.component,
      secret: settings.secret,
      pingTo: settings.rooms,
      pingMs: settings.pingMs,
    },
    {
      stanza(stanza) {
        if (stanza.localName === "message" && archive.take(stanza)) return;
        rooms.get(bareOf(attributeOf(stanza, "from") ?? ""))?.take(stanza);
      },
      request: (iq) => admission.answer(iq),
      up: () => void faults.settle("the lobby", enterAll()),
      down() {
        for (const room of rooms.values()) room.lost();
      },
    },
    faults,
  );

  const inTurn = atOnce(ENTERED_AT_ONCE);
  const context: RoomContext = { admission, archive, faults, inTurn, link, maxStanzaBytes, signatures };
  // All of them need the lobby, so it does not wait.
  const lobby = createLobby({ ...context, inTurn: async (run) => await run() }, settings, {
    changed: (chats) => {
      for (const chat of chats) {
        if (lobby.queue.chats.has(chat.id)) lookAfter(chat);
        else letGo(chat.id);
      }
    },
    moved: () => {
      moving ??= setTimeout(tellPlaces, TOGETHER_MS);
    },
    command: (command, nick) => {
      if (lobby.isMine("lobby")) care.inLobby(command, nick);
    },
    occupants: () => lookAfterAll(),
  });
  rooms.set(lobby.room.jid, lobby.room);
  const care = createCare({ faults, link, lobby, settings });

  function need(chat: Chat): Session {
    const kept = sessions.get(chat.id);
    if (kept) {
      kept.usedAt = Date.now();
      return kept.session;
    }
    const session = createSession({ ...context, files, place: (of) => lobby.queue.placeOf(of), settings }, chat, {
      command: (command, nick) => {
        if (lobby.isMine(chat.id)) care.inChat(session, command, nick);
      },
      encrypted: () => {
        if (lobby.isMine(chat.id)) care.encrypted(session);
      },
      mark: (mark, id) => {
        if (lobby.isMine(chat.id)) care.mark(session, mark, id);
      },
    });
    sessions.set(chat.id, { session, usedAt: Date.now() });
    rooms.set(session.room.jid, session.room);
    return session;
  }

  /** It is no longer needed, or was erased: open streams get no more events. */
  function letGo(id: string): void {
    const session = sessions.get(id)?.session;
    if (session === undefined) return;
    session.room.leave();
    sessions.delete(id);
    rooms.delete(session.room.jid);
    lobby.queue.release(id);
  }

  /** Each conversation has one copy that writes to its room, whichever copies have streams. */
  function lookAfter(chat: Chat): void {
    if (!lobby.isMine(chat.id)) return;
    const known = sessions.get(chat.id);
    if (chat.status === "ended" && known === undefined) return;
    const session = known?.session ?? need(chat);
    void care.mirror(session);
  }

  function lookAfterAll(): void {
    if (!lobby.room.entered) return;
    for (const chat of lobby.queue.open()) lookAfter(chat);
  }

  /** To waiting members with streams here: a place is not archived. */
  function tellPlaces(): void {
    moving = undefined;
    for (const { session } of sessions.values()) faults.guard("a place", () => session.log.moved());
  }

  async function enterAll(): Promise<void> {
    for (;;) {
      if (closed || !link.standing) return;
      try {
        // oxlint-disable-next-line no-await-in-loop -- until it is inside
        await lobby.enter();
        break;
      } catch (error) {
        faults.report("entering the lobby", error);
        // oxlint-disable-next-line no-await-in-loop -- the server may not be whole yet
        await pause(RETRY_MS);
      }
    }
    lookAfterAll();
    for (const { session } of sessions.values()) {
      if (session.log.listeners() > 0) void session.enter().catch(() => undefined);
    }
  }

  /** Retries what could not be done at once. Returns whether the session is needed. */
  function lookAgain(session: Session): boolean {
    const { chat, log, room } = session;
    const isHeard = log.listeners() > 0;
    if (isHeard && link.standing && !room.entered) void session.enter().catch(() => undefined);
    // If a copy dies just then, the end is not written: every copy with an open stream writes it. The record counts
    // once.
    const isUnsaid = chat.status === "ended" && log.state()?.status !== "ended";
    if (isUnsaid && isHeard && link.standing) void care.mirror(session);
    const isOpen = lobby.queue.chats.has(chat.id) && chat.status !== "ended";
    const isMine = isOpen && lobby.room.entered && lobby.isMine(chat.id);
    if (isMine) care.watch(session);
    return isMine || isHeard;
  }

  const sweeping = setInterval(() => {
    for (const [id, { session, usedAt }] of sessions) {
      const isNeeded = faults.guard("the care of a chat", () => lookAgain(session)) ?? true;
      if (!isNeeded && Date.now() - usedAt >= IDLE_MS) letGo(id);
    }
  }, SWEEP_MS);
  const forgetting = setInterval(
    () => lobby.queue.forget(before(settings.keepMs), before(REPLAY_MS)),
    Math.min(settings.keepMs, FORGET_MS),
  );
  forgetting.unref();
  sweeping.unref();

  return {
    ...context,
    settings,
    lobby,
    files,
    route(room) {
      rooms.set(room.jid, room);
      return () => rooms.delete(room.jid);
    },
    async asking(ctx) {
      ctx.signal.throwIfAborted();
      if (ctx.member === undefined) throw new AdapterError("unauthorized", "XMPP: the call has no member");
      await link.ready(ctx.signal);
      await lobby.enter();
      ctx.signal.throwIfAborted();
      return ctx.member;
    },
    async owned(id, member) {
      // A chat just opened at another copy may not have arrived here.
      if (!lobby.queue.chats.has(id)) await lobby.room.refresh();
      if (!lobby.queue.chats.has(id)) await lobby.whole();
      const chat = lobby.queue.chats.get(id);
      if (chat?.memberId !== member.id) throw new AdapterError("not-found", `there is no conversation "${id}"`);
      return chat;
    },
    async session(chat) {
      const session = need(chat);
      await session.enter();
      return session;
    },
    stateOf: (chat) => lobby.queue.stateOf(chat),
    listeners: () => [...sessions.values()].reduce((sum, { session }) => sum + session.log.listeners(), 0),
    close() {
      if (closed) return;
      closed = true;
      clearInterval(sweeping);
      clearInterval(forgetting);
      clearTimeout(moving);
      lobby.stop();
      for (const room of rooms.values()) room.leave();
      link.close();
    },
  };
}
