import { AdapterError } from "../../core/contract/errors.ts";
import type { Admission } from "./admission.ts";
import type { Archive } from "./archive.ts";
import { deferred, type Deferred } from "./deferred.ts";
import { liveEntry, type Entry } from "./entry.ts";
import type { Faults } from "./faults.ts";
import { conditionOfError, Refused, unavailable, type Link } from "./link.ts";
import { createNicks } from "./nicks.ts";
import { occupantOf, statusOf, type Occupant } from "./occupants.ts";
import { pause } from "./pause.ts";
import { createPosts, type Post, type PostContext } from "./posts.ts";
import { allow, setUpRoom, type Affiliation, type RoomOptions } from "./room-setup.ts";
import { trustOf } from "./signature.ts";
import { attributeOf, childOf, conditionOf, domainOf, resourceOf, xml, type Xml } from "./xml.ts";

const MUC = "http://jabber.org/protocol/muc";
const JOIN_MS = 10_000;
const PING_MS = 20_000;
/** Another copy is creating the room, and admits us next; or it has to be asked to. */
const CLOSED_MS = 200;
const CLOSED_TRIES = 9;
const ASKED_AFTER = 2;
/** Enough for messages that arrive twice: live, and from the archive that is being read. */
const KNOWN_MAX = 5000;
const OVERLAP_MS = 3_600_000;

export interface RoomListener {
  /** In the order of the archive, each once. */
  entry(entry: Entry, live: boolean): void;
  /** Instead of the whole archive: the entries to start with. */
  recall?(): Promise<readonly Entry[]>;
  /** Unarchived stanzas: typing, marks. */
  signal?(message: Element): void;
  occupants?(): void;
}

/** A room (XEP-0045) with this copy of the gateway as an occupant, whose whole archive is passed to the listener. */
export interface Room {
  readonly jid: string;
  readonly entered: boolean;
  readonly occupants: ReadonlyMap<string, Occupant>;
  /** Resolves once joined and the archive has been passed on. Creates the room if there is none. */
  enter(): Promise<void>;
  /** Reads what the archive has and the room has not sent yet. */
  refresh(): Promise<void>;
  /**
   * Resolves once the room's archive has it. Rejects with `unavailable` if that is unknown: retry with the same id;
   * with `too-large` if the server would close the stream.
   */
  post(post: Post): Promise<Entry>;
  /** To all occupants, or to the one with this nick; not archived. */
  tell(children: readonly Xml[], nick?: string): void;
  allow(jid: string, affiliation: Affiliation): Promise<void>;
  presence(show: "away" | undefined, status: string): void;
  leave(): void;
  /** Destroys it with its archive. */
  destroy(): Promise<void>;
  /** For the component's router. */
  take(stanza: Element): void;
  lost(): void;
}

/** The settings of a new room. */
export interface RoomContext extends PostContext {
  readonly link: Link;
  readonly archive: Archive;
  readonly admission: Admission;
  readonly faults: Faults;
  /** Waits for this copy's turn at the server: after a lost connection all rooms are rejoined. */
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>;
}

export function createRoom(context: RoomContext, options: RoomOptions, listener: RoomListener): Room {
  const { admission, archive, faults, inTurn, link, signatures } = context;
  const { jid } = options;
  const trust = trustOf(signatures);
  const posts = createPosts(jid, context);
  const nicks = createNicks(options.nick, options.plainNick, domainOf(link.jid));
  const occupants = new Map<string, Occupant>();
  const known = new Set<string>();
  let joined = false;
  let entering: Promise<void> | undefined;
  /** The turn that is taken or awaited. */
  let current: object | undefined;
  let joining: Deferred<{ readonly created: boolean }> | undefined;
  /** Live messages that arrived while the archive was read. */
  let held: Entry[] | undefined;
  let newest: Entry | undefined;
  let pinging: ReturnType<typeof setInterval> | undefined;

  function tellEntry(entry: Entry, live: boolean): void {
    if (known.has(entry.id)) return;
    known.add(entry.id);
    for (const oldest of known) {
      if (known.size <= KNOWN_MAX) break;
      known.delete(oldest);
    }
    newest = entry;
    if (entry.forged) faults.report("a record that no copy of the gateway has signed");
    else faults.guard("a message of a room", () => listener.entry(entry, live));
    posts.arrived(entry);
  }

  async function enter(): Promise<void> {
    const live: Entry[] = [];
    held = live;
    const { created } = await join();
    joined = true;
    if (created) await setUpRoom(link, options);
    await catchUp();
    if (held !== live) throw unavailable(`the room ${jid} was lost while its archive was read`);
    held = undefined;
    for (const entry of live) tellEntry(entry, true);
    pinging ??= setInterval(() => void ping(), PING_MS);
  }

  async function enterInTurn(): Promise<void> {
    const turn = {};
    current = turn;
    try {
      await inTurn(async () => {
        // The connection was lost meanwhile: another turn was taken since, or will be.
        if (current !== turn) throw unavailable(`the room ${jid} was left`);
        await enter();
      });
    } catch (error) {
      if (current === turn) room.lost();
      throw error;
    }
  }

  async function catchUp(): Promise<void> {
    const read = async (after: string | undefined, since: string | undefined): Promise<void> => {
      for await (const page of archive.read(jid, after, since)) {
        for (const entry of page) tellEntry(entry, false);
      }
    };
    const last = newest;
    if (last === undefined && listener.recall) {
      for (const entry of await listener.recall()) tellEntry(entry, false);
      return;
    }
    try {
      await read(last?.id, undefined);
    } catch (error) {
      if (last === undefined || conditionOfError(error) !== "item-not-found") throw error;
      // The archive no longer has it.
      await read(undefined, new Date(Date.parse(last.at) - OVERLAP_MS).toISOString());
    }
  }

  async function join(): Promise<{ readonly created: boolean }> {
    for (let closed = 0; ;) {
      const mine = deferred<{ readonly created: boolean }>();
      joining = mine;
      const limit = setTimeout(() => mine.reject(unavailable(`the room ${jid} did not let us in`)), JOIN_MS);
      try {
        const history = xml("history", { maxstanzas: "0" });
        link.send(xml("presence", { to: `${jid}/${nicks.current}` }, xml("x", { xmlns: MUC }, history)));
        // oxlint-disable-next-line no-await-in-loop -- the next nick only when this one was refused
        return await mine.promise;
      } catch (error) {
        const condition = conditionOfError(error);
        if (condition === "registration-required" && closed < CLOSED_TRIES) {
          closed += 1;
          // oxlint-disable-next-line no-await-in-loop -- before the next try
          await (closed === ASKED_AFTER ? admission.ask(jid) : pause(CLOSED_MS));
        } else if (!nicks.refused(condition)) throw error;
      } finally {
        clearTimeout(limit);
        // Another one may be waiting by now.
        if (joining === mine) joining = undefined;
      }
    }
  }

  /** XEP-0410: whether we are still an occupant. A server that lost the room does not report it. */
  async function ping(): Promise<void> {
    try {
      await link.ask("get", `${jid}/${nicks.current}`, xml("ping", { xmlns: "urn:xmpp:ping" }));
    } catch (error) {
      // It may be rejoined meanwhile.
      if (conditionOfError(error) === "not-acceptable" && room.entered) again();
    }
  }

  function again(): void {
    room.lost();
    void room.enter().catch(() => undefined);
  }

  function takePresence(stanza: Element): void {
    const who = resourceOf(attributeOf(stanza, "from") ?? "");
    const type = attributeOf(stanza, "type");
    if (type === "error") {
      const condition = conditionOf(stanza);
      const message = `XMPP: the room ${jid} did not let us in: ${condition}`;
      joining?.reject(new AdapterError("unavailable", message, { cause: new Refused(condition) }));
      return;
    }
    // The room itself has a presence too, with its picture.
    if (who === "") return;
    if (type === "unavailable") takeLeave(stanza, who);
    else takeArrival(stanza, who);
    listener.occupants?.();
  }

  function takeLeave(stanza: Element, who: string): void {
    occupants.delete(who);
    const destroyed = childOf(childOf(stanza, "x", `${MUC}#user`), "destroy") !== undefined;
    if (statusOf(stanza).includes("110") && joined && !destroyed) again();
  }

  function takeArrival(stanza: Element, who: string): void {
    occupants.set(who, occupantOf(stanza, who));
    const codes = statusOf(stanza);
    if (!codes.includes("110")) return;
    nicks.taken(who);
    joining?.resolve({ created: codes.includes("201") });
  }

  function takeMessage(stanza: Element): void {
    if (attributeOf(stanza, "type") === "error") {
      // From an occupant it could be forged.
      if (resourceOf(attributeOf(stanza, "from") ?? "") !== "") return;
      const condition = conditionOf(stanza);
      const message = `XMPP: the room ${jid} refused a message: ${condition}`;
      posts.refused(attributeOf(stanza, "id") ?? "", new AdapterError("unavailable", message));
      if (condition === "not-acceptable" && joined) again();
      return;
    }
    // The current owner of the name: by the time the message is read, it may be another person.
    const sender = occupants.get(resourceOf(attributeOf(stanza, "from") ?? ""))?.jid;
    const entry = liveEntry(stanza, jid, trust, sender);
    if (entry === undefined) listener.signal?.(stanza);
    else if (held !== undefined) held.push(entry);
    // The server may have admitted us after our time-out: earlier messages are not read yet, and would be skipped.
    // After the next join, all of it is in the archive.
    else if (joined) tellEntry(entry, true);
  }

  const room: Room = {
    jid,
    occupants,
    get entered() {
      return joined && held === undefined;
    },
    async enter() {
      entering ??= enterInTurn();
      await entering;
    },
    async refresh() {
      if (room.entered) await catchUp();
      else await room.enter();
    },
    post: async (post) => await posts.post(post),
    tell(children, to) {
      if (!joined || !link.standing) return;
      const address = to === undefined ? { to: jid, type: "groupchat" } : { to: `${jid}/${to}`, type: "chat" };
      const hint = xml("no-store", { xmlns: "urn:xmpp:hints" });
      link.send(
        xml("message", { ...address, id: crypto.randomUUID() }, ...children, to === undefined ? hint : undefined),
      );
    },
    allow: async (who, affiliation) => await allow(link, jid, who, affiliation),
    presence(show, status) {
      if (!joined || !link.standing) return;
      const state = show === undefined ? undefined : xml("show", {}, show);
      link.send(xml("presence", { to: `${jid}/${nicks.current}` }, state, xml("status", {}, status)));
    },
    leave() {
      clearInterval(pinging);
      pinging = undefined;
      const inside = joined;
      room.lost();
      if (inside && link.standing) link.send(xml("presence", { to: `${jid}/${nicks.current}`, type: "unavailable" }));
    },
    async destroy() {
      clearInterval(pinging);
      pinging = undefined;
      await link.ask("set", jid, xml("query", { xmlns: `${MUC}#owner` }, xml("destroy")));
      room.lost();
    },
    take(stanza) {
      if (stanza.localName === "presence") takePresence(stanza);
      else takeMessage(stanza);
    },
    lost() {
      joined = false;
      entering = undefined;
      current = undefined;
      held = undefined;
      occupants.clear();
      joining?.reject(unavailable(`the room ${jid} was left`));
      posts.lost();
    },
  };
  return room;
}
