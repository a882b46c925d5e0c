import { createHmac, timingSafeEqual } from "node:crypto";

/** What a record is bound to: it is valid nowhere else, and with nothing else. */
export interface Signed {
  /** The room's address. */
  readonly room: string;
  /** The message's own id. */
  readonly id: string;
  /** When it was written: ISO 8601. */
  readonly at: string;
  /** The visible text. */
  readonly body: string;
  readonly json: string;
}

/** HMAC-SHA256 (RFC 2104), by the adapter's `key`: the first one signs, all of them verify. */
export interface Signatures {
  sign(purpose: string, ...parts: readonly string[]): string;
  holds(mac: string, purpose: string, ...parts: readonly string[]): boolean;
}

export function createSignatures(keys: readonly string[]): Signatures {
  const macs = (purpose: string, parts: readonly string[]) =>
    keys.map((key) =>
      createHmac("sha256", key)
        .update(JSON.stringify([purpose, ...parts]))
        .digest("base64url"),
    );
  return {
    sign: (purpose, ...parts) => macs(purpose, parts)[0] ?? "",
    holds: (mac, purpose, ...parts) => macs(purpose, parts).some((right) => isSame(mac, right)),
  };
}

export function signRecord(signatures: Signatures, { at, body, id, json, room }: Signed): string {
  return signatures.sign("record", room, id, at, body, json);
}

/** Whether a copy of the gateway wrote it, for this room and with this content. */
export type Trust = (signed: Signed, mac: string) => boolean;

export function trustOf(signatures: Signatures): Trust {
  return ({ at, body, id, json, room }, mac) => signatures.holds(mac, "record", room, id, at, body, json);
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
