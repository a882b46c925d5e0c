import type { Trust } from "./signature.ts";
import { wordsIn, type Words } from "./words.ts";
import { attributeOf, bareOf, childOf, childrenOf, resourceOf, textOf, xml, type Xml } from "./xml.ts";

export const PODPORA = "urn:podpora:chat:1";
const STABLE_ID = "urn:xmpp:sid:0";
/** How far the clocks of the gateway and of the server may differ. */
const SKEW_MS = 3_600_000;
/** For this time after it was written a record can be replayed, by the clock of another copy. */
export const REPLAY_MS = 2 * SKEW_MS;

/** One message of a room's archive. */
export interface Entry extends Words {
  /** Its archive id: ids of one room are in the order of its archive. */
  readonly id: string;
  /** The sender's own id of it. */
  readonly sentId: string | undefined;
  /** Other ids of it (XEP-0359), if any. */
  readonly originId?: string;
  readonly nick: string;
  /** The sender's address, from the room: live from its occupants, later from its archive. */
  readonly sender?: string;
  readonly at: string;
  /**
   * A record that a copy of the gateway wrote for the others, as JSON, with a verified signature; people's messages
   * have none.
   */
  readonly record: string | undefined;
  /** It claims to be such a record, but has no valid signature: it is ignored. */
  readonly forged?: true;
}

interface Place {
  readonly id: string;
  readonly at: string;
  readonly room: string;
}

/** Without a key no record is accepted. */
const nobody: Trust = () => false;

/** A live message of the room. Undefined for what is not archived, such as typing. */
export function liveEntry(message: Element, room: string, trust: Trust = nobody, sender?: string): Entry | undefined {
  const stable = childrenOf(message, "stanza-id", STABLE_ID).find((child) => attributeOf(child, "by") === room);
  const id = attributeOf(stable, "id");
  const entry = id === undefined ? undefined : entryOf(message, { id, at: new Date().toISOString(), room }, trust);
  return entry === undefined || sender === undefined ? entry : { ...entry, sender };
}

/** A `<result/>` of XEP-0313, of the archive of `room`. Undefined for messages without visible content. */
export function archivedEntry(result: Element, room?: string, trust: Trust = nobody): Entry | undefined {
  const forwarded = childOf(result, "forwarded", "urn:xmpp:forward:0");
  const message = childOf(forwarded, "message");
  const id = attributeOf(result, "id");
  if (message === undefined || id === undefined) return undefined;
  const from = bareOf(attributeOf(message, "from") ?? "");
  if (room !== undefined && from !== room) return undefined;
  const stamp = Date.parse(attributeOf(childOf(forwarded, "delay", "urn:xmpp:delay"), "stamp") ?? "");
  // A message with an invalid date is still a message.
  const at = new Date(Number.isNaN(stamp) ? Date.now() : stamp).toISOString();
  return entryOf(message, { id, at, room: from }, trust);
}

function entryOf(message: Element, { at, id, room }: Place, trust: Trust): Entry | undefined {
  if (attributeOf(message, "type") !== "groupchat") return undefined;
  const podpora = childOf(message, "podpora", PODPORA);
  const common = { id, sentId: attributeOf(message, "id"), nick: resourceOf(attributeOf(message, "from") ?? ""), at };
  if (podpora !== undefined) {
    const body = textOf(message, "body") ?? "";
    const written = attributeOf(podpora, "at") ?? "";
    const record = trusted(podpora, { at, body, id: common.sentId ?? "", room, written }, trust);
    if (record === undefined) return { ...common, body: "", record, forged: true };
    // By the sender's clock: the same for every copy, live and from the archive.
    return { ...common, at: new Date(written).toISOString(), body, record };
  }
  const words = wordsIn(message);
  const isEmpty = words.body === "" && !words.encrypted && words.retracts === undefined && words.file === undefined;
  if (isEmpty) return undefined;
  const originId = attributeOf(childOf(message, "origin-id", STABLE_ID), "id");
  const sender = senderOf(message);
  return {
    ...common,
    ...(originId === undefined ? {} : { originId }),
    ...(sender === undefined ? {} : { sender }),
    ...words,
    record: undefined,
  };
}

interface Found {
  /** When the room received it, and when it claims to have been written. */
  readonly at: string;
  readonly written: string;
  readonly body: string;
  readonly id: string;
  readonly room: string;
}

/** A record that is replayed later, even unchanged, does not count: the time is a part of it. */
function trusted(podpora: Element, found: Found, trust: Trust): string | undefined {
  const { at, body, id, room, written } = found;
  const json = podpora.textContent ?? "";
  const mac = attributeOf(podpora, "mac") ?? "";
  const apart = Math.abs(Date.parse(written) - Date.parse(at));
  return apart <= SKEW_MS && trust({ room, id, at: written, body, json }, mac) ? json : undefined;
}

/** In the archive of a non-anonymous room (XEP-0045, section 7.2.3). */
function senderOf(message: Element): string | undefined {
  const item = childOf(childOf(message, "x", "http://jabber.org/protocol/muc#user"), "item");
  const jid = attributeOf(item, "jid");
  return jid === undefined ? undefined : bareOf(jid);
}

// XML would lose these in JSON's text.
const escaped = /[\u0085\u2028\u2029\u{FFFE}\u{FFFF}]/gu;

/** JSON that survives XML unchanged. */
export function jsonOf(record: object): string {
  return JSON.stringify(record).replaceAll(escaped, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The record as an element of a message. */
export function recordElement(json: string, at: string, mac: string): Xml {
  return xml("podpora", { xmlns: PODPORA, at, mac }, json);
}
