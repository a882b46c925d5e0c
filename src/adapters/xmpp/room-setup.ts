import type { Link } from "./link.ts";
import { attributeOf, bareOf, childOf, childrenOf, xml } from "./xml.ts";

const MUC = "http://jabber.org/protocol/muc";

export type Affiliation = "member" | "owner";

export interface RoomOptions {
  readonly jid: string;
  readonly nick: string;
  /** Taken when a server does not allow the nick in an address. */
  readonly plainNick: string;
  /** For people. */
  readonly title: string;
  /** Addresses of whom the room belongs to: every copy of the gateway. */
  readonly owners: readonly string[];
  /** Addresses and domains that may come in. */
  readonly members: readonly string[];
}

/** What a room that was just made has to be: kept, hidden, and for who is named alone (XEP-0045, section 10). */
export async function setUpRoom(link: Link, { jid, members, owners, title }: RoomOptions): Promise<void> {
  const settings: Readonly<Record<string, string>> = {
    "muc#roomconfig_roomname": title,
    "muc#roomconfig_persistentroom": "1",
    "muc#roomconfig_publicroom": "0",
    "muc#roomconfig_membersonly": "1",
    "muc#roomconfig_whois": "anyone",
    "muc#roomconfig_changesubject": "0",
    "muc#roomconfig_allowinvites": "1",
  };
  const fields = Object.entries({ FORM_TYPE: `${MUC}#roomconfig`, ...settings }).map(([name, value]) =>
    xml("field", { var: name }, xml("value", {}, value)),
  );
  const form = xml("x", { xmlns: "jabber:x:data", type: "submit" }, ...fields);
  const own = bareOf(link.jid);
  // Before it is closed to others: a copy that comes in at the same moment stays in.
  await Promise.all([
    ...owners.filter((owner) => owner !== own).map(async (owner) => await allow(link, jid, owner, "owner")),
    ...members.map(async (member) => await allow(link, jid, member, "member")),
  ]);
  await link.ask("set", jid, xml("query", { xmlns: `${MUC}#owner` }, form));
}

/** One at a time: Prosody reads no more than one of a request. */
export async function allow(link: Link, room: string, who: string, affiliation: Affiliation): Promise<void> {
  await link.ask("set", room, xml("query", { xmlns: `${MUC}#admin` }, xml("item", { jid: who, affiliation })));
}

/** Those of `owners` that the room does not have yet. Who may not ask that is told all of them. */
export async function missingOwners(link: Link, room: string, owners: readonly string[]): Promise<readonly string[]> {
  const item = xml("item", { affiliation: "owner" });
  const answer = await link.ask("get", room, xml("query", { xmlns: `${MUC}#admin` }, item)).catch(() => undefined);
  const query = childOf(answer, "query", `${MUC}#admin`);
  const known = query ? childrenOf(query, "item").map((each) => bareOf(attributeOf(each, "jid") ?? "")) : [];
  return owners.filter((owner) => !known.includes(owner));
}
