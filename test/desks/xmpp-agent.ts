import { $build, $iq, $msg, $pres, Strophe, type Builder } from "strophe.js";
import { attributeOf, bareOf, childOf, childrenOf, resourceOf, textOf } from "../../src/adapters/xmpp/xml.ts";

/** A message as an agent's client has it. */
export interface Heard {
  readonly id: string;
  /** What the sender's client calls it. */
  readonly sentId: string | undefined;
  readonly nick: string;
  readonly text: string;
  /** What the gateway wrote for itself. */
  readonly record: unknown;
  readonly file: string | undefined;
}

/** An agent with an ordinary client: an account of their own, over WebSocket, without a word from the gateway's code. */
export interface XmppAgent {
  readonly jid: string;
  readonly nick: string;
  /** In the lobby, and in whatever they are invited to. */
  join(room: string): Promise<void>;
  leave(room: string): void;
  /** Resolves once the room sent it back. */
  say(room: string, text: string, more?: (stanza: Builder) => void): Promise<string>;
  typing(room: string, typing: boolean): void;
  mark(room: string, name: "received" | "displayed", id: string): void;
  away(room: string, away: boolean): void;
  /** Everything the room has in its archive. */
  archive(room: string): Promise<readonly Heard[]>;
  heard(room: string): readonly Heard[];
  /** What was said to this agent alone. */
  whispers(): readonly string[];
  invitations(): readonly string[];
  occupants(room: string): readonly string[];
  /**
   * What the agent did in the room before, the gateway has seen and answered after this: it is asked by way of the room,
   * which keeps the order.
   */
  settle(room: string): Promise<void>;
  uploads(service: string, file: File): Promise<string>;
  close(): Promise<void>;
}

interface AgentRoom {
  readonly heard: Heard[];
  readonly occupants: Set<string>;
  joined?: () => void;
}

Strophe.setLogLevel(Strophe.LogLevel.FATAL);
const MUC = "http://jabber.org/protocol/muc";

export async function connectAgent(options: {
  readonly websocket: string;
  readonly jid: string;
  readonly password: string;
  readonly nick: string;
  readonly lobby: string;
  /** Joins what they are invited to. @default true */
  readonly follows?: boolean;
}): Promise<XmppAgent> {
  const { nick } = options;
  const rooms = new Map<string, AgentRoom>();
  const results = new Map<string, Heard[]>();
  const whispers: string[] = [];
  const invitations: string[] = [];
  const connection = new Strophe.Connection(options.websocket);

  await new Promise<void>((resolve, reject) => {
    connection.connect(options.jid, options.password, (status, condition) => {
      if (status === Strophe.Status.CONNECTING) connection.addHandler(receive, null, null, null);
      if (status === Strophe.Status.CONNECTED) resolve();
      if (status === Strophe.Status.AUTHFAIL || status === Strophe.Status.CONNFAIL) {
        reject(new Error(`the agent ${options.jid} cannot sign in: ${condition}`));
      }
    });
  });
  connection.send($pres());

  const roomAt = (jid: string): AgentRoom => {
    const known = rooms.get(jid);
    if (known) return known;
    const room: AgentRoom = { heard: [], occupants: new Set<string>() };
    rooms.set(jid, room);
    return room;
  };

  function receive(stanza: Element): true {
    const from = attributeOf(stanza, "from") ?? "";
    if (stanza.localName === "presence") takePresence(stanza, bareOf(from), resourceOf(from));
    if (stanza.localName === "message") takeMessage(stanza, bareOf(from), resourceOf(from));
    return true;
  }

  function takePresence(stanza: Element, room: string, who: string): void {
    if (!rooms.has(room)) return;
    if (attributeOf(stanza, "type") === "unavailable") roomAt(room).occupants.delete(who);
    else roomAt(room).occupants.add(who);
    const user = childOf(stanza, "x", `${MUC}#user`);
    const codes = user ? childrenOf(user, "status").map((status) => attributeOf(status, "code")) : [];
    if (codes.includes("110")) rooms.get(room)?.joined?.();
  }

  function takeMessage(stanza: Element, room: string, who: string): void {
    const result = childOf(stanza, "result", "urn:xmpp:mam:2");
    if (result) {
      const message = childOf(childOf(result, "forwarded", "urn:xmpp:forward:0"), "message");
      if (message) {
        const sender = resourceOf(attributeOf(message, "from") ?? "");
        results
          .get(attributeOf(result, "queryid") ?? "")
          ?.push(heardOf(message, attributeOf(result, "id") ?? "", sender));
      }
      return;
    }
    const invitation = attributeOf(childOf(stanza, "x", "jabber:x:conference"), "jid");
    if (invitation !== undefined) {
      invitations.push(invitation);
      if (options.follows !== false) void join(invitation);
      return;
    }
    if (attributeOf(stanza, "type") === "chat") {
      whispers.push(textOf(stanza, "body") ?? "");
      return;
    }
    const id = attributeOf(childrenOf(stanza, "stanza-id", "urn:xmpp:sid:0")[0], "id");
    if (attributeOf(stanza, "type") === "groupchat" && id !== undefined) {
      roomAt(room).heard.push(heardOf(stanza, id, who));
      sent.get(attributeOf(stanza, "id") ?? "")?.(id);
    }
  }

  const sent = new Map<string, (id: string) => void>();

  async function ask(iq: Builder): Promise<Element> {
    return await new Promise((resolve, reject) => {
      connection.sendIQ(
        iq,
        resolve,
        (error) => reject(new Error(`refused: ${error ? new XMLSerializer().serializeToString(error) : "no answer"}`)),
        10_000,
      );
    });
  }

  async function join(room: string): Promise<void> {
    const entry = roomAt(room);
    await within(
      new Promise<void>((resolve) => {
        entry.joined = resolve;
        connection.send(
          $pres({ to: `${room}/${nick}` })
            .c("x", { xmlns: MUC })
            .c("history", { maxstanzas: "0" }),
        );
      }),
      `joining ${room}`,
    );
  }

  const agent: XmppAgent = {
    jid: options.jid,
    nick,
    join,
    leave(room) {
      connection.send($pres({ to: `${room}/${nick}`, type: "unavailable" }));
    },
    async say(room, text, more) {
      const id = crypto.randomUUID();
      const stanza = $msg({ to: room, type: "groupchat", id }).c("body").t(text).up();
      more?.(stanza);
      return await within(
        new Promise<string>((resolve) => {
          sent.set(id, resolve);
          connection.send(stanza);
        }).finally(() => sent.delete(id)),
        `saying "${text}" in ${room}`,
      );
    },
    typing(room, typing) {
      const state = typing ? "composing" : "paused";
      connection.send(
        $msg({ to: room, type: "groupchat" }).c(state, { xmlns: "http://jabber.org/protocol/chatstates" }),
      );
    },
    mark(room, name, id) {
      connection.send(
        $msg({ to: room, type: "groupchat", id: crypto.randomUUID() }).c(name, {
          xmlns: "urn:xmpp:chat-markers:0",
          id,
        }),
      );
    },
    away(room, away) {
      const presence = $pres({ to: `${room}/${nick}` });
      connection.send(away ? presence.c("show").t("away") : presence);
    },
    async archive(room) {
      const all: Heard[] = [];
      let after: string | undefined;
      for (;;) {
        const query = crypto.randomUUID();
        const page: Heard[] = [];
        results.set(query, page);
        const iq = $iq({ type: "set", to: room, id: crypto.randomUUID() })
          .c("query", { xmlns: "urn:xmpp:mam:2", queryid: query })
          .c("set", { xmlns: "http://jabber.org/protocol/rsm" })
          .c("max")
          .t("50")
          .up();
        if (after !== undefined) iq.c("after").t(after);
        // oxlint-disable-next-line no-await-in-loop -- each page names the one after it
        const fin = childOf(await ask(iq), "fin", "urn:xmpp:mam:2");
        results.delete(query);
        all.push(...page);
        after = textOf(childOf(fin, "set"), "last");
        if (attributeOf(fin, "complete") === "true" || after === undefined) return all;
      }
    },
    heard: (room) => rooms.get(room)?.heard ?? [],
    whispers: () => whispers,
    invitations: () => invitations,
    occupants: (room) => [...(rooms.get(room)?.occupants ?? [])],
    async settle(room) {
      const other = agent.occupants(room).find((who) => who !== "" && who !== nick);
      if (other === undefined) throw new Error(`nobody else is in ${room}`);
      const ping = $iq({ type: "get", to: `${room}/${other}`, id: crypto.randomUUID() });
      await ask(ping.c("ping", { xmlns: "urn:xmpp:ping" }));
    },
    async uploads(service, file) {
      const slot = await ask(
        $build("iq", { type: "get", to: service, id: crypto.randomUUID(), xmlns: "jabber:client" }).c("request", {
          xmlns: "urn:xmpp:http:upload:0",
          filename: file.name,
          size: String(file.size),
          "content-type": file.type,
        }),
      );
      const [to, from] = ["put", "get"].map((name) => childOf(childOf(slot, "slot", "urn:xmpp:http:upload:0"), name));
      const [put, get] = [attributeOf(to, "url"), attributeOf(from, "url")];
      const headers = (to ? childrenOf(to, "header") : []).map((header) => [
        attributeOf(header, "name") ?? "",
        header.textContent ?? "",
      ]);
      if (put === undefined || get === undefined) throw new Error("no slot for the file");
      const answer = await fetch(put, {
        method: "PUT",
        body: file,
        headers: { ...Object.fromEntries(headers), "Content-Type": file.type },
      });
      if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`);
      return get;
    },
    async close() {
      connection.disconnect("closed");
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
  await agent.join(options.lobby);
  return agent;
}

function heardOf(message: Element, id: string, nick: string): Heard {
  const record = textOf(message, "podpora", "urn:podpora:chat:1");
  return {
    id,
    sentId: attributeOf(message, "id"),
    nick,
    text: textOf(message, "body") ?? "",
    record: record === undefined ? undefined : JSON.parse(record),
    file: textOf(childOf(message, "x", "jabber:x:oob"), "url"),
  };
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer within 10 s`)), 10_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
