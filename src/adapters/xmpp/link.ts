import { Strophe } from "strophe.js";
import { AdapterError } from "../../core/contract/errors.ts";
import { deferred, type Deferred } from "./deferred.ts";
import type { Faults } from "./faults.ts";
import { createKeepAlive } from "./keep-alive.ts";
import { keepShallow } from "./shallow.ts";
import { attributeOf, built, childOf, conditionOf, xml, type Xml } from "./xml.ts";

export interface LinkOptions {
  /** Such as "tcp://xmpp.example.org:5347". The next one is used when one is lost or refuses. */
  readonly servers: readonly string[];
  /** The component's own address, such as "chat.example.org". */
  readonly domain: string;
  readonly secret: string;
  /** The target of pings: an address at the server itself. */
  readonly pingTo: string;
  readonly pingMs: number;
}

/** One connection to the server as an external component (XEP-0114), which reconnects automatically. */
export interface Link {
  /** The sender of all stanzas. */
  readonly jid: string;
  readonly standing: boolean;
  /** Whether the server has answered recently. */
  readonly answers: boolean;
  /** Resolves once connected. Rejects with `unavailable` if that takes longer than a member should wait. */
  ready(signal: AbortSignal): Promise<void>;
  /** Throws `unavailable` while disconnected. */
  send(stanza: Xml): void;
  /** The answer. Rejects with the other side's error, or with `timeout`. */
  ask(type: "get" | "set", to: string, child: Xml, signal?: AbortSignal): Promise<Element>;
  close(): void;
}

export interface LinkListener {
  /** Messages and presence. */
  stanza(stanza: Element): void;
  /** A request that the link does not answer itself. Undefined if it is unknown. Resolves to whether it succeeded. */
  request(iq: Element): Promise<boolean> | undefined;
  up(): void;
  down(): void;
}

/** The other side's refusal, as the `cause` of an AdapterError. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly condition: string;

  constructor(condition: string) {
    super(condition);
    this.condition = condition;
  }
}

export function conditionOfError(error: unknown): string | undefined {
  const cause = error instanceof AdapterError ? error.cause : error;
  return cause instanceof Refused ? cause.condition : undefined;
}

const READY_MS = 8000;
const CONNECT_MS = 5000;
const ASK_MS = 10_000;
const BACK_OFF_MS = [100, 500, 1000, 2000, 5000];

// Errors are reported by rejections; the library would also write them to the console.
Strophe.setLogLevel(Strophe.LogLevel.FATAL);

export function createLink(options: LinkOptions, listener: LinkListener, faults: Faults): Link {
  const { domain, pingMs, pingTo, secret, servers } = options;
  const jid = `podpora@${domain}/gateway`;
  const asked = new Map<string, Deferred<Element>>();
  const waiting = new Set<Deferred<void>>();
  let connection: InstanceType<typeof Strophe.Connection> | undefined;
  let standing = false;
  let closed = false;
  let attempts = 0;
  /** The index of the next server. */
  let turn = 0;
  let lastFault = "";
  /** The server refused the connection: callers need not wait. */
  let refused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let connecting: ReturnType<typeof setTimeout> | undefined;
  const keepAlive = createKeepAlive({ everyMs: pingMs, ping, lost: () => drop("no answer") });

  function unreachable(): AdapterError {
    return unavailable(`the server cannot be reached as ${domain} (${lastFault || servers.join(", ")})`);
  }

  function connect(): void {
    const server = serverNow();
    const current = new Strophe.Connection(server, { protocol: "component" });
    keepShallow(current);
    connection = current;
    // Otherwise a server that does not answer would block until the system's time-out.
    connecting = setTimeout(() => drop("no answer"), Math.min(CONNECT_MS, pingMs / 2));
    current.connect(domain, secret, (status, condition) => {
      if (connection !== current) return;
      if (status === Strophe.Status.CONNECTED) {
        current.addHandler((stanza) => receive(stanza), null, null, null);
        stand();
      } else if (status === Strophe.Status.AUTHFAIL || status === Strophe.Status.CONNFAIL) {
        lastFault = `${server}: ${condition ?? "refused"}`;
        refused = condition === "not-authorized" || condition === "host-unknown";
        if (refused) for (const each of waiting) each.reject(unreachable());
      } else if (status === Strophe.Status.DISCONNECTED) {
        fall();
      }
    });
  }

  const serverNow = (): string => servers[turn % servers.length] ?? "";

  /** The room service is part of the server: any answer counts, also a refusal. */
  async function ping(): Promise<void> {
    try {
      await link.ask("get", pingTo, xml("ping", { xmlns: "urn:xmpp:ping" }));
    } catch (error) {
      if (conditionOfError(error) === undefined) throw error;
    }
  }

  /** Ends a connection that would not end by itself. */
  function drop(why: string): void {
    const current = connection;
    lastFault = `${serverNow()}: ${why}`;
    fall();
    current?.disconnect(why);
  }

  function stand(): void {
    clearTimeout(connecting);
    standing = true;
    refused = false;
    attempts = 0;
    keepAlive.start();
    for (const each of waiting) each.resolve();
    faults.guard("a new connection", () => listener.up());
  }

  function fall(): void {
    connection = undefined;
    clearTimeout(connecting);
    keepAlive.stop();
    turn += 1;
    const stood = standing;
    standing = false;
    for (const each of asked.values()) each.reject(unavailable("the connection to the server was lost"));
    asked.clear();
    if (stood) faults.guard("a lost connection", () => listener.down());
    if (closed) return;
    timer = setTimeout(connect, BACK_OFF_MS[Math.min(attempts, BACK_OFF_MS.length - 1)]);
    attempts += 1;
  }

  /** For Strophe: true keeps the handler. It would permanently remove one that throws. */
  function receive(stanza: Element): true {
    faults.guard("a stanza", () => {
      const type = attributeOf(stanza, "type");
      if (stanza.localName !== "iq") listener.stanza(stanza);
      else if (type === "get" || type === "set") answer(stanza, type);
      else asked.get(attributeOf(stanza, "id") ?? "")?.resolve(stanza);
    });
    return true;
  }

  /** Every request has to be answered (RFC 6120, section 8.2.3). */
  function answer(request: Element, type: "get" | "set"): void {
    const reply = {
      id: attributeOf(request, "id"),
      to: attributeOf(request, "from"),
      from: attributeOf(request, "to") ?? jid,
    };
    if (type === "get" && childOf(request, "ping", "urn:xmpp:ping")) {
      link.send(xml("iq", { ...reply, type: "result" }));
    } else if (type === "get" && childOf(request, "query", Strophe.NS.DISCO_INFO)) {
      const identity = xml("identity", { category: "gateway", type: "podpora", name: "Podpora" });
      const features = [Strophe.NS.DISCO_INFO, "urn:xmpp:ping"].map((name) => xml("feature", { var: name }));
      link.send(
        xml("iq", { ...reply, type: "result" }, xml("query", { xmlns: Strophe.NS.DISCO_INFO }, identity, ...features)),
      );
    } else {
      const done = listener.request(request) ?? Promise.resolve(undefined);
      void faults.settle(
        "a request",
        done.then((isDone) => {
          if (isDone) link.send(xml("iq", { ...reply, type: "result" }));
          else refuse(reply, isDone === false ? "not-allowed" : "service-unavailable");
        }),
      );
    }
  }

  function refuse(reply: Xml["attributes"], condition: string): void {
    const reason = xml(condition, { xmlns: "urn:ietf:params:xml:ns:xmpp-stanzas" });
    link.send(xml("iq", { ...reply, type: "error" }, xml("error", { type: "cancel" }, reason)));
  }

  const link: Link = {
    jid,
    get standing() {
      return standing;
    },
    get answers() {
      return standing && keepAlive.isFresh;
    },
    async ready(signal) {
      signal.throwIfAborted();
      if (standing) return;
      if (closed) throw unavailable("the adapter was disposed of");
      if (refused) throw unreachable();
      const stands = deferred<void>();
      const limit = setTimeout(() => stands.reject(unreachable()), READY_MS);
      const aborted = (): void => stands.reject(signal.reason);
      signal.addEventListener("abort", aborted);
      waiting.add(stands);
      try {
        await stands.promise;
      } finally {
        clearTimeout(limit);
        signal.removeEventListener("abort", aborted);
        waiting.delete(stands);
      }
    },
    send(stanza) {
      if (!standing || connection === undefined) throw unavailable("the connection to the server is lost");
      connection.send(built({ ...stanza, attributes: { from: jid, ...stanza.attributes } }));
    },
    async ask(type, to, child, signal) {
      signal?.throwIfAborted();
      const id = crypto.randomUUID();
      const answered = deferred<Element>();
      const limit = setTimeout(
        () => answered.reject(new AdapterError("timeout", `${to} did not answer within ${ASK_MS} ms`)),
        ASK_MS,
      );
      const aborted = (): void => answered.reject(signal?.reason);
      signal?.addEventListener("abort", aborted);
      asked.set(id, answered);
      try {
        link.send(xml("iq", { type, to, id }, child));
        const stanza = await answered.promise;
        if (attributeOf(stanza, "type") !== "error") return stanza;
        const condition = conditionOf(stanza);
        throw new AdapterError("unavailable", `${to} refused ${child.name}: ${condition}`, {
          cause: new Refused(condition),
        });
      } finally {
        clearTimeout(limit);
        signal?.removeEventListener("abort", aborted);
        asked.delete(id);
      }
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(connecting);
      keepAlive.stop();
      connection?.disconnect("closed");
    },
  };
  connect();
  return link;
}

export function unavailable(message: string): AdapterError {
  return new AdapterError("unavailable", `XMPP: ${message}`, { retryAfterMs: 2000 });
}
