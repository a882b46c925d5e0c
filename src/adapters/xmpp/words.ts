import { attributeOf, childOf, childrenOf, elementsOf, textOf } from "./xml.ts";

/** The content of a person's message, besides or instead of its body. */
export interface Words {
  /** Without fallback text of unknown extensions (XEP-0428). */
  readonly body: string;
  /** The id of the message that this one corrects (XEP-0308). */
  readonly replaces?: string;
  /** The id of the retracted message (XEP-0424, XEP-0425). */
  readonly retracts?: string;
  /** The address of a file (XEP-0066, XEP-0447). */
  readonly file?: string;
  /** Only the devices that it was encrypted for can read it. */
  readonly encrypted?: true;
}

const CORRECTION = "urn:xmpp:message-correct:0";
/** The second is its former name. */
const fallbacks = ["urn:xmpp:fallback:0", "urn:xmpp:feature-fallback:0"];
const FASTENING = "urn:xmpp:fasten:0";
const retractions = ["urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"];
/** Reactions to a message. Their body is a fallback. */
const reactions = "urn:xmpp:reactions:0";
/**
 * OMEMO (XEP-0384), OpenPGP (XEP-0373, XEP-0027), S/MIME (RFC 3923), stanzas in an envelope (XEP-0420), and the
 * declaration of any of them (XEP-0380).
 */
const encryptions =
  /^(?:eu\.siacs\.conversations\.axolotl|urn:xmpp:(?:omemo|openpgp|eme|sce|mls|otr|e2ee)(?::.*)?|jabber:x:encrypted|urn:ietf:params:xml:ns:xmpp-e2e)$/;
/** OTR (XEP-0364) has no element of its own. */
const offTheRecord = /^\?OTR[:,|?v\d]/;
/** The body of these is a file's address, which is read. */
const files = ["urn:xmpp:sfs:0", "urn:xmpp:sims:1", "jabber:x:oob"];

export function wordsIn(message: Element): Words {
  const retracted = retractedIn(message);
  if (retracted !== undefined) return { body: "", retracts: retracted };
  const namespaces = elementsOf(message).map(({ namespaceURI }) => namespaceURI ?? "");
  if (namespaces.some((each) => encryptions.test(each)) || offTheRecord.test(textOf(message, "body") ?? "")) {
    return { body: "", encrypted: true };
  }
  // The body of a reaction is a fallback, unless a range says which part is.
  if (namespaces.includes(reactions) && !fallbacksOf(message).some((each) => partsOf(each).length > 0)) {
    return { body: "" };
  }
  const replaces = attributeOf(childOf(message, "replace", CORRECTION), "id");
  const file = fileOf(message);
  return {
    body: bodyOf(message),
    ...(replaces === undefined ? {} : { replaces }),
    ...(file === undefined ? {} : { file }),
  };
}

/** In a room the id should be the room's own, but not every client complies. */
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

function fileOf(message: Element): string | undefined {
  const outOfBand = textOf(childOf(message, "x", "jabber:x:oob"), "url");
  if (outOfBand !== undefined) return outOfBand;
  const sources = childOf(childOf(message, "file-sharing", "urn:xmpp:sfs:0"), "sources");
  return attributeOf(childOf(sources, "url-data", "http://jabber.org/protocol/url-data"), "target");
}

const fallbacksOf = (message: Element) => fallbacks.flatMap((each) => childrenOf(message, "fallback", each));
const partsOf = (fallback: Element) => childrenOf(fallback, "body");

function bodyOf(message: Element): string {
  const body = textOf(message, "body") ?? "";
  // Counted in code points (XEP-0426).
  const characters = Array.from(body);
  for (const fallback of fallbacksOf(message)) {
    if (files.includes(attributeOf(fallback, "for") ?? "")) continue;
    const parts = partsOf(fallback);
    // Without a range it is the whole body; a subject's fallback is not part of the body.
    if (parts.length === 0 && elementsOf(fallback).length === 0) return "";
    for (const part of parts) {
      const [start, end] = [placeIn(part, "start", 0), placeIn(part, "end", characters.length)];
      // An invalid range removes no text.
      if (start !== undefined && end !== undefined) characters.fill("", start, Math.max(start, end));
    }
  }
  return characters.join("");
}

function placeIn(part: Element, name: "start" | "end", otherwise: number): number | undefined {
  const value = attributeOf(part, name);
  if (value === undefined) return otherwise;
  return /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
