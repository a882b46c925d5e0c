import { attributeOf, childOf, childrenOf, elementsOf, textOf } from "./xml.ts";

/** What a person's message says, beside or instead of its body. */
export interface Words {
  /** Without what only programs that don't know an extension would show (XEP-0428). */
  readonly body: string;
  /** The id of the message that these words take the place of (XEP-0308). */
  readonly replaces?: string;
  /** The id of the message that is taken back (XEP-0424, XEP-0425). */
  readonly retracts?: string;
  /** The room can't read it: only the devices that it was encrypted for can. */
  readonly encrypted?: true;
}

const CORRECTION = "urn:xmpp:message-correct:0";
const FALLBACK = "urn:xmpp:fallback:0";
const FASTENING = "urn:xmpp:fasten:0";
const retractions = ["urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"];
/** Signs at another message. Their body says them in words. */
const reactions = "urn:xmpp:reactions:0";
/** OMEMO (XEP-0384), OpenPGP (XEP-0373, XEP-0027), and what says that one of them was used (XEP-0380). */
const encryptions = [
  "eu.siacs.conversations.axolotl",
  "urn:xmpp:omemo:0",
  "urn:xmpp:omemo:1",
  "urn:xmpp:omemo:2",
  "urn:xmpp:openpgp:0",
  "jabber:x:encrypted",
  "urn:xmpp:eme:0",
];
/** The body of these is a file's address, which is read. */
const files = ["urn:xmpp:sfs:0", "urn:xmpp:sims:1", "jabber:x:oob"];

export function wordsIn(message: Element): Words {
  const retracted = retractedIn(message);
  if (retracted !== undefined) return { body: "", retracts: retracted };
  const namespaces = new Set(elementsOf(message).map(({ namespaceURI }) => namespaceURI));
  if (encryptions.some((each) => namespaces.has(each))) {
    return { body: "", encrypted: true };
  }
  if (namespaces.has(reactions)) return { body: "" };
  const replaces = attributeOf(childOf(message, "replace", CORRECTION), "id");
  return { body: bodyOf(message), ...(replaces === undefined ? {} : { replaces }) };
}

/** In a room the id is the room's own, but not every client keeps to it. */
function retractedIn(message: Element): string | undefined {
  for (const namespace of retractions) {
    const retract = childOf(message, "retract", namespace);
    if (retract) return attributeOf(retract, "id");
  }
  const fastened = childOf(message, "apply-to", FASTENING);
  if (fastened === undefined) return undefined;
  const isRetraction = [fastened, ...elementsOf(fastened)].some((each) =>
    elementsOf(each).some(({ localName }) => localName === "retract"),
  );
  return isRetraction ? attributeOf(fastened, "id") : undefined;
}

function bodyOf(message: Element): string {
  const body = textOf(message, "body") ?? "";
  // Counted in code points.
  const characters = Array.from(body);
  for (const fallback of childrenOf(message, "fallback", FALLBACK)) {
    if (files.includes(attributeOf(fallback, "for") ?? "")) continue;
    const parts = childrenOf(fallback, "body", FALLBACK);
    // Without a place it is all of the body; a subject's fallback is none of the body.
    if (parts.length === 0 && elementsOf(fallback).length === 0) return "";
    for (const part of parts) {
      const start = placeIn(part, "start", 0);
      const end = placeIn(part, "end", characters.length);
      for (let place = start; place < Math.min(end, characters.length); place += 1) characters[place] = "";
    }
  }
  return characters.join("");
}

function placeIn(part: Element, name: "start" | "end", otherwise: number): number {
  const value = attributeOf(part, name);
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : otherwise;
}
