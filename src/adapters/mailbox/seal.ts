import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const ID = 10;
const SEAL = 16;
/** In a subject, where the whole seal would be too long: 40 bits for someone who knows the ticket's number. */
const SHORT = 8;
const tokens = /(?<![0-9a-v])[0-9a-v]{26}(?![0-9a-v])/gi;
const tags = /\[#([0-9a-v]{10})-([0-9a-v]{8})\]/gi;

/**
 * Tokens in addresses, subjects and records that prove where they come from. Letters and digits of one case: mail
 * servers change the case of an address.
 */
export interface Seal {
  /** The same draft of the same member gives the same thread. */
  threadId(memberId: string, clientId: string): string;
  /** A hash of a record's owner, with the newest secret. */
  owner(memberId: string): string;
  /** For each secret. */
  owners(memberId: string): readonly string[];
  /** The thread's id and its seal: known only to recipients of its mails. */
  token(threadId: string): string;
  /** The thread whose token the text contains. */
  threadOf(text: string): string | undefined;
  /** "[#K7QF3MZ2A1-9XQ2ABCD]" */
  tag(threadId: string): string;
  threadOfTag(subject: string): string | undefined;
  /** A text of the thread without seals: anyone who reads them could write as an agent. */
  hide(text: string, threadId: string): string;
  sign(text: string): string;
  isSigned(text: string, signature: string): boolean;
}

export function createSeal(secrets: readonly [string, ...string[]]): Seal {
  const [newest] = secrets;
  const sealOf = (secret: string, threadId: string) => mac(secret, SEAL, "seal", threadId);

  function isSealed(threadId: string, seal: string): boolean {
    const [id, given] = [threadId.toLowerCase(), seal.toLowerCase()];
    return secrets.some((secret) => isEqual(sealOf(secret, id).slice(0, given.length), given));
  }

  return {
    threadId: (memberId, clientId) => mac(newest, ID, "thread", memberId, clientId),
    owner: (memberId) => mac(newest, SEAL, "owner", memberId),
    owners: (memberId) => secrets.map((secret) => mac(secret, SEAL, "owner", memberId)),
    token: (threadId) => threadId + sealOf(newest, threadId),
    threadOf(text) {
      const found = [...text.matchAll(tokens)].find(([token]) => isSealed(token.slice(0, ID), token.slice(ID)));
      return found?.[0].slice(0, ID).toLowerCase();
    },
    tag: (threadId) => `[#${threadId}-${sealOf(newest, threadId).slice(0, SHORT)}]`.toUpperCase(),
    threadOfTag(subject) {
      const found = [...subject.matchAll(tags)].find(([, id = "", seal = ""]) => isSealed(id, seal));
      return found?.[1]?.toLowerCase();
    },
    hide: (text, threadId) =>
      secrets
        // Whatever is next to it, as in an address that was written into another one: "support%2B…".
        .reduce((left, secret) => left.replaceAll(new RegExp(sealOf(secret, threadId), "gi"), ""), text)
        .replaceAll(tokens, (token) => (isSealed(token.slice(0, ID), token.slice(ID)) ? token.slice(0, ID) : token))
        .replaceAll(tags, (tag, id: string, seal: string) => (isSealed(id, seal) ? `[#${id}]` : tag)),
    sign: (text) => mac(newest, SEAL * 2, "record", text),
    isSigned: (text, signature) => secrets.some((secret) => isEqual(mac(secret, SEAL * 2, "record", text), signature)),
  };
}

function mac(secret: string, length: number, ...parts: readonly string[]): string {
  return inLetters(createHmac("sha256", secret).update(JSON.stringify(parts)).digest("hex"), length);
}

/** A name derived from another value, such as a Message-ID, without revealing it. */
export function nameOf(text: string): string {
  return inLetters(createHash("sha256").update(text).digest("hex"), SEAL);
}

/** Five bits per letter. */
function inLetters(hex: string, length: number): string {
  return BigInt(`0x${hex}`).toString(32).padStart(52, "0").slice(-length);
}

function isEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
