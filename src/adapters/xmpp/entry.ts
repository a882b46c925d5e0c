import { wordsIn, type Words } from "./words.ts";
import { attributeOf, childOf, childrenOf, resourceOf, textOf, xml, type Xml } from "./xml.ts";

const PODPORA = "urn:podpora:chat:1";
const STABLE_ID = "urn:xmpp:sid:0";

/** One message of a room's archive. */
export interface Entry extends Words {
  /** The archive's id of it: ids of one room are in the order of its archive. */
  readonly id: string;
  /** The sender's own id of it. */
  readonly sentId: string | undefined;
  readonly nick: string;
  readonly at: string;
  /** The address of a file (XEP-0066). */
  readonly file: string | undefined;
  /** What a copy of the gateway wrote for the others, as JSON; people's messages have none. */
  readonly record: string | undefined;
}

/** A message as the room sent it. Undefined for what the archive does not have, such as typing. */
export function liveEntry(message: Element, room: string): Entry | undefined {
  const stable = childrenOf(message, "stanza-id", STABLE_ID).find((child) => attributeOf(child, "by") === room);
  const id = attributeOf(stable, "id");
  return id === undefined ? undefined : entryOf(message, id, new Date().toISOString());
}

/** A `<result/>` of XEP-0313. */
export function archivedEntry(result: Element): Entry | undefined {
  const forwarded = childOf(result, "forwarded", "urn:xmpp:forward:0");
  const message = childOf(forwarded, "message");
  const id = attributeOf(result, "id");
  const stamp = Date.parse(attributeOf(childOf(forwarded, "delay", "urn:xmpp:delay"), "stamp") ?? "");
  if (message === undefined || id === undefined || Number.isNaN(stamp)) return undefined;
  return entryOf(message, id, new Date(stamp).toISOString());
}

function entryOf(message: Element, id: string, at: string): Entry | undefined {
  if (attributeOf(message, "type") !== "groupchat") return undefined;
  const record = textOf(message, "podpora", PODPORA);
  const words = record === undefined ? wordsIn(message) : { body: textOf(message, "body") ?? "" };
  const isEmpty = words.body === "" && !words.encrypted && words.retracts === undefined;
  if (record === undefined && isEmpty) return undefined;
  return {
    id,
    sentId: attributeOf(message, "id"),
    nick: resourceOf(attributeOf(message, "from") ?? ""),
    at,
    ...words,
    file: textOf(childOf(message, "x", "jabber:x:oob"), "url"),
    record,
  };
}

/** The record as an element of a message. JSON, which keeps what XML would not. */
export function recordElement(record: object): Xml {
  return xml("podpora", { xmlns: PODPORA }, JSON.stringify(record));
}
