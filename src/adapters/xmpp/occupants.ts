import { addressOf } from "./admission.ts";
import { attributeOf, bareOf, childOf, childrenOf, textOf } from "./xml.ts";

const MUC_USER = "http://jabber.org/protocol/muc#user";

export interface Occupant {
  readonly nick: string;
  /** Without the resource. Our rooms show it to all occupants. */
  readonly jid: string;
  readonly owner: boolean;
  /** Neither away nor busy. */
  readonly available: boolean;
}

export function occupantOf(presence: Element, nick: string): Occupant {
  const item = childOf(childOf(presence, "x", MUC_USER), "item");
  const show = textOf(presence, "show");
  return {
    nick,
    jid: bareOf(attributeOf(item, "jid") ?? ""),
    owner: attributeOf(item, "affiliation") === "owner",
    available: show === undefined || show === "" || show === "chat",
  };
}

/** The status codes of XEP-0045: 110 is ourselves, 201 a room that was just created. */
export function statusOf(presence: Element): readonly (string | undefined)[] {
  const user = childOf(presence, "x", MUC_USER);
  return user === undefined ? [] : childrenOf(user, "status").map((status) => attributeOf(status, "code"));
}

/**
 * Whether it is a copy of the gateway, even one that is not in this copy's options yet: only copies are made owners
 * under such an address. A server's administrator may be an owner too, and an agent.
 */
export function isCopy({ jid, owner }: Occupant, copies: readonly string[]): boolean {
  return copies.some((copy) => jid === addressOf(copy)) || (owner && jid.startsWith(addressOf("")));
}
