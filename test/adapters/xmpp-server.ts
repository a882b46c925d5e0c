import { createServer, type Socket } from "node:net";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { SaxesParser } from "saxes";
import { attributeOf, bareOf, childOf, childrenOf, resourceOf, textOf } from "../../src/adapters/xmpp/xml.ts";

const MUC = "http://jabber.org/protocol/muc";
const MAM = "urn:xmpp:mam:2";

interface Occupant {
  readonly jid: string;
  /** Absent: an agent, played by the test. */
  readonly domain?: string;
}

interface Archived {
  readonly id: string;
  stamp: string;
  readonly xml: string;
}

interface FakeRoom {
  readonly occupants: Map<string, Occupant>;
  readonly affiliations: Map<string, string>;
  readonly archive: Archived[];
  membersOnly: boolean;
}

// The parser's elements are those of the DOM, as far as the adapter uses them.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
export const parsed = (xml: string) =>
  new DOMParser().parseFromString(xml, "text/xml").documentElement as unknown as Element;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const written = (element: Element) => new XMLSerializer().serializeToString(element as never);
const quoted = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/**
 * The parts of an XMPP server that the adapter needs: components (XEP-0114), rooms (XEP-0045), their archives
 * (XEP-0313).
 */
export interface FakeServer {
  readonly url: string;
  /** The number of connections made. */
  readonly connections: () => number;
  /** The largest stanza received, in bytes. */
  readonly largest: () => number;
  /** The components' requests, such as "http://jabber.org/protocol/muc#admin". */
  readonly asked: string[];
  /** How many entries of which archive were read at once. */
  readonly queried: readonly { readonly room: string; readonly count: number }[];
  /** Messages of components to single recipients, in XML. */
  readonly sent: readonly string[];
  /** From now on nothing is delivered, and no connection ends. */
  hole(on: boolean): void;
  cut(): void;
  /** The next query of an archive from its start ends the connection. */
  cutAtNextRead(): void;
  join(room: string, nick: string, jid: string): boolean;
  leave(room: string, nick: string): void;
  /** Sends a message of an occupant's client, with this inner XML. Returns the archive's id. */
  say(room: string, nick: string, inner: string, id?: string): string;
  /** Adds an entry to the archive without a live message. */
  keep(room: string, xml: string, stamp?: string): string;
  /** To a component, unchanged. */
  send(domain: string, xml: string): void;
  archive(room: string): readonly Archived[];
  bodies(room: string): readonly string[];
  occupants(room: string): readonly string[];
  affiliation(room: string, jid: string): string | undefined;
  close(): Promise<void>;
}

export async function fakeServer(): Promise<FakeServer> {
  const rooms = new Map<string, FakeRoom>();
  const components = new Map<string, Socket>();
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const sent: string[] = [];
  let isCutting = false;
  const queried: { room: string; count: number }[] = [];
  let [ids, connections, largest, isHole] = [0, 0, 0, false];
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const nextId = () => `a${String((ids += 1)).padStart(8, "0")}`;

  const roomAt = (jid: string): FakeRoom => {
    const known = rooms.get(jid);
    if (known) return known;
    const room: FakeRoom = { occupants: new Map(), affiliations: new Map(), archive: [], membersOnly: false };
    rooms.set(jid, room);
    return room;
  };
  const write = (domain: string | undefined, xml: string): void => {
    if (!isHole && domain !== undefined) components.get(domain)?.write(xml);
  };
  const domainOf = (jid: string) => bareOf(jid).split("@").at(-1) ?? "";
  const toAll = (room: FakeRoom, xml: (to: string) => string): void => {
    for (const { domain, jid } of room.occupants.values()) write(domain, xml(jid));
  };
  const affiliation = (room: FakeRoom, jid: string) =>
    room.affiliations.get(bareOf(jid)) ?? room.affiliations.get(domainOf(jid)) ?? "none";

  function presence(jid: string, nick: string, to: string, codes = "", type = ""): string {
    const room = roomAt(jid);
    const who = room.occupants.get(nick)?.jid ?? "";
    const item = `<item jid="${quoted(who)}" affiliation="${affiliation(room, who)}" role="participant"/>`;
    return `<presence from="${jid}/${quoted(nick)}" to="${to}"${type}><x xmlns="${MUC}#user">${item}${codes}</x></presence>`;
  }

  function enter(jid: string, nick: string, who: Occupant): string | undefined {
    const isNew = !rooms.has(jid);
    const room = roomAt(jid);
    if (room.membersOnly && affiliation(room, who.jid) === "none") return "registration-required";
    const holder = room.occupants.get(nick);
    if (holder && bareOf(holder.jid) !== bareOf(who.jid)) return "conflict";
    if (isNew) room.affiliations.set(bareOf(who.jid), "owner");
    const others = [...room.occupants.keys()];
    room.occupants.set(nick, who);
    for (const other of others) write(who.domain, presence(jid, other, who.jid));
    for (const [other, { domain, jid: to }] of room.occupants) {
      const self = other === nick ? `<status code="110"/>${isNew ? '<status code="201"/>' : ""}` : "";
      write(domain, presence(jid, nick, to, self));
    }
    return undefined;
  }

  function exit(jid: string, nick: string): void {
    const room = roomAt(jid);
    const gone = [...room.occupants.values()].map(
      ({ domain, jid: to }) => [domain, presence(jid, nick, to, "", ' type="unavailable"')] as const,
    );
    room.occupants.delete(nick);
    for (const [domain, xml] of gone) write(domain, xml);
  }

  function broadcast(jid: string, nick: string, inner: string, id: string): string {
    const room = roomAt(jid);
    const archived = nextId();
    const isKept = !inner.includes("no-store") && !/^<(?:composing|active|paused)\b/.test(inner);
    const head = `type="groupchat" id="${quoted(id)}" from="${jid}${nick === "" ? "" : `/${quoted(nick)}`}"`;
    const stanzaId = isKept ? `<stanza-id xmlns="urn:xmpp:sid:0" by="${jid}" id="${archived}"/>` : "";
    // The archive of a non-anonymous room contains the author's address.
    const who = room.occupants.get(nick)?.jid;
    const item = who === undefined ? "" : `<x xmlns="${MUC}#user"><item jid="${quoted(who)}"/></x>`;
    if (isKept)
      room.archive.push({
        id: archived,
        stamp: new Date().toISOString(),
        xml: `<message xmlns="jabber:client" ${head}>${inner}${item}</message>`,
      });
    toAll(room, (to) => `<message xmlns="jabber:component:accept" ${head} to="${to}">${inner}${stanzaId}</message>`);
    return archived;
  }

  function query(domain: string, iq: Element, jid: string): void {
    const asking = childOf(iq, "query", MAM);
    const set = childOf(asking, "set");
    const fields = childrenOf(childOf(asking, "x") ?? iq, "field");
    const start = textOf(
      fields.find((field) => attributeOf(field, "var") === "start"),
      "value",
    );
    const [after, before] = [textOf(set, "after"), textOf(set, "before")];
    const all = roomAt(jid).archive.filter(
      ({ id, stamp }) =>
        (start === undefined || stamp >= start) && (after === undefined || id > after) && (!before || id < before),
    );
    const max = Number(textOf(set, "max") ?? 50);
    const page = before === undefined ? all.slice(0, max) : all.slice(-max);
    const to = attributeOf(iq, "from") ?? "";
    if (isCutting && before === undefined && after === undefined) {
      isCutting = false;
      cut();
      return;
    }
    queried.push({ room: jid, count: page.length });
    for (const { id, stamp, xml } of page) {
      write(
        domain,
        `<message from="${jid}" to="${to}"><result xmlns="${MAM}" queryid="${attributeOf(asking, "queryid")}" id="${id}"><forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" stamp="${stamp}"/>${xml}</forwarded></result></message>`,
      );
    }
    const ends = page.length > 0 ? `<first>${page[0]?.id}</first><last>${page.at(-1)?.id}</last>` : "";
    answer(
      domain,
      iq,
      `<fin xmlns="${MAM}"${page.length === all.length ? ' complete="true"' : ""}><set xmlns="http://jabber.org/protocol/rsm">${ends}</set></fin>`,
    );
  }

  function answer(domain: string, iq: Element, inner: string, type = "result"): void {
    write(
      domain,
      `<iq type="${type}" id="${attributeOf(iq, "id")}" from="${attributeOf(iq, "to")}" to="${attributeOf(iq, "from")}">${inner}</iq>`,
    );
  }

  function refuse(domain: string, iq: Element, condition: string): void {
    answer(
      domain,
      iq,
      `<error type="auth"><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`,
      "error",
    );
  }

  function takeRequest(domain: string, iq: Element, to: string): void {
    const [first] = Array.from(iq.childNodes).filter((node): node is Element => node.nodeType === 1);
    asked.push(first?.namespaceURI ?? "");
    const from = attributeOf(iq, "from") ?? "";
    const room = rooms.get(bareOf(to));
    if (to.startsWith("podpora@") && !components.has(domainOf(to))) refuse(domain, iq, "service-unavailable");
    else if (components.has(domainOf(to))) write(domainOf(to), written(iq));
    else if (first?.namespaceURI === "http://jabber.org/protocol/disco#info") {
      answer(domain, iq, `<query xmlns="${first.namespaceURI}"><feature var="${MUC}"/></query>`);
    } else if (first?.namespaceURI === MAM) query(domain, iq, to);
    else if (first?.namespaceURI?.startsWith(`${MUC}#`) && room) {
      if (affiliation(room, from) !== "owner") {
        refuse(domain, iq, "forbidden");
        return;
      }
      const item = childOf(first, "item");
      if (first.namespaceURI === `${MUC}#owner`) room.membersOnly = childOf(first, "destroy") === undefined;
      if (childOf(first, "destroy")) rooms.delete(bareOf(to));
      if (item && attributeOf(iq, "type") === "set")
        room.affiliations.set(attributeOf(item, "jid") ?? "", attributeOf(item, "affiliation") ?? "");
      const owners = [...room.affiliations].flatMap(([jid, each]) =>
        each === attributeOf(item, "affiliation") ? [`<item jid="${jid}" affiliation="${each}"/>`] : [],
      );
      answer(
        domain,
        iq,
        attributeOf(iq, "type") === "get" ? `<query xmlns="${MUC}#admin">${owners.join("")}</query>` : "",
      );
    } else if (room && !room.occupants.has(resourceOf(to))) refuse(domain, iq, "not-acceptable");
    else answer(domain, iq, "");
  }

  function take(domain: string, stanza: Element): void {
    const to = attributeOf(stanza, "to") ?? "";
    const from = attributeOf(stanza, "from") ?? "";
    const [jid, nick] = [bareOf(to), resourceOf(to)];
    if (stanza.localName === "iq" && components.has(domainOf(to))) write(domainOf(to), written(stanza));
    else if (stanza.localName === "iq" && ["get", "set"].includes(attributeOf(stanza, "type") ?? ""))
      takeRequest(domain, stanza, to);
    else if (stanza.localName === "presence" && attributeOf(stanza, "type") === "unavailable") exit(jid, nick);
    else if (stanza.localName === "presence") {
      const condition = enter(jid, nick, { jid: from, domain });
      if (condition)
        write(
          domain,
          `<presence type="error" from="${quoted(to)}" to="${from}"><error type="auth"><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></presence>`,
        );
    } else if (stanza.localName === "message" && attributeOf(stanza, "type") === "groupchat") {
      const own = [...roomAt(jid).occupants].find(([, occupant]) => bareOf(occupant.jid) === bareOf(from))?.[0];
      const inner = Array.from(stanza.childNodes)
        .map((node) => written(node as Element))
        .join("");
      if (own !== undefined) broadcast(jid, own, inner, attributeOf(stanza, "id") ?? "");
    } else if (stanza.localName === "message") sent.push(written(stanza));
  }

  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let [depth, start, text, domain] = [0, 0, "", ""];
    const parser = new SaxesParser({ xmlns: true });
    parser.on("opentag", (tag) => {
      depth += 1;
      if (depth !== 1) return;
      domain = tag.attributes["to"]?.value ?? "";
      start = parser.position;
      if (!isHole)
        socket.write(
          `<?xml version="1.0"?><stream:stream xmlns="jabber:component:accept" xmlns:stream="http://etherx.jabber.org/streams" id="1" from="${domain}">`,
        );
    });
    parser.on("closetag", (tag) => {
      depth -= 1;
      if (depth !== 1) return;
      const xml = text.slice(start, parser.position);
      start = parser.position;
      largest = Math.max(largest, Buffer.byteLength(xml));
      if (isHole) return;
      if (tag.name === "handshake") {
        components.set(domain, socket);
        socket.write("<handshake/>");
      } else take(domain, parsed(xml));
    });
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      parser.write(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      if (components.get(domain) !== socket) return;
      components.delete(domain);
      for (const [jid, room] of rooms)
        for (const [nick, who] of room.occupants) if (who.domain === domain) exit(jid, nick);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");

  return {
    url: `tcp://127.0.0.1:${address.port}`,
    connections: () => connections,
    largest: () => largest,
    asked,
    queried,
    sent,
    hole: (on) => (isHole = on),
    cut,
    cutAtNextRead() {
      isCutting = true;
    },
    join: (room, nick, jid) => enter(room, nick, { jid }) === undefined,
    leave: exit,
    say: (room, nick, inner, id = crypto.randomUUID()) => broadcast(room, nick, inner, id),
    keep(room, xml, stamp = new Date().toISOString()) {
      const id = nextId();
      roomAt(room).archive.push({ id, stamp, xml });
      return id;
    },
    send: write,
    archive: (room) => rooms.get(room)?.archive ?? [],
    bodies: (room) => (rooms.get(room)?.archive ?? []).flatMap(({ xml }) => textOf(parsed(xml), "body") ?? []),
    occupants: (room) => [...(rooms.get(room)?.occupants.keys() ?? [])],
    affiliation: (room, jid) => rooms.get(room)?.affiliations.get(jid),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
