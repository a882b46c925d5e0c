import type { Link } from "./link.ts";
import { attributeOf, bareOf, childOf, childrenOf, xml } from "./xml.ts";

const MUC = "http://jabber.org/protocol/muc";

export type Affiliation = "member" | "owner";

export interface RoomOptions {
  readonly jid: string;
  readonly nick: string;
  /** Used if a server does not allow the nick in an address. */
  readonly plainNick: string;
  /** For people. */
  readonly title: string;
  /** The addresses of the room's owners: every copy of the gateway. */
  readonly owners: readonly string[];
  /** Addresses and domains that may join. */
  readonly members: readonly string[];
}

/** The configuration of a new room: archived, hidden, and members-only (XEP-0045, section 10). */
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
  // Before it becomes members-only: a copy that joins at the same moment stays in.
  await Promise.all([
    ...owners.filter((owner) => owner !== own).map(async (owner) => await allow(link, jid, owner, "owner")),
    ...members.map(async (member) => await allow(link, jid, member, "member")),
  ]);
  await link.ask("set", jid, xml("query", { xmlns: `${MUC}#owner` }, form));
}

/** One at a time: Prosody reads only one per request. */
export async function allow(link: Link, room: string, who: string, affiliation: Affiliation): Promise<void> {
  await link.ask("set", room, xml("query", { xmlns: `${MUC}#admin` }, xml("item", { jid: who, affiliation })));
}

/** Those of `owners` that the room does not have yet. If the list may not be requested, all of them. */
export async function missingOwners(link: Link, room: string, owners: readonly string[]): Promise<readonly string[]> {
  const item = xml("item", { affiliation: "owner" });
  const answer = await link.ask("get", room, xml("query", { xmlns: `${MUC}#admin` }, item)).catch(() => undefined);
  const query = childOf(answer, "query", `${MUC}#admin`);
  const known = query ? childrenOf(query, "item").map((each) => bareOf(attributeOf(each, "jid") ?? "")) : [];
  return owners.filter((owner) => !known.includes(owner));
}
