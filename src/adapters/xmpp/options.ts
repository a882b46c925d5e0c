import type { FileOptions } from "./files.ts";

export interface XmppOptions {
  /**
   * The server's component port (XEP-0114), such as "tcp://xmpp.example.org:5347". Of a cluster all nodes: the next is
   * taken when one is lost.
   */
  readonly servers: readonly string[];
  /** The address that the server knows this copy of the gateway by, such as "chat-a.example.org". */
  readonly component: string;
  /** The component's password. */
  readonly secret: string;
  /** The addresses of all copies of the gateway. @default this one alone */
  readonly copies?: readonly string[];
  /** The server's room service, such as "rooms.example.org". Its rooms have to be archived (XEP-0313). */
  readonly rooms: string;
  /** Who may answer, such as "nina@example.org". ejabberd takes a domain too, for everybody of it; Prosody does not. */
  readonly agents: readonly string[];
  /** The room where agents see who waits. @default "help" */
  readonly lobby?: string;
  /** Absent: chat without files. */
  readonly files?: FileOptions;
  /**
   * Signs what the gateway writes into rooms, and seals the ids of files. At least 32 bytes, the same for every copy. Of
   * several the first one signs, and all of them verify: a new key goes to the front, and the old one goes once no chat
   * that began with it is to be read (`keepMs`).
   */
  readonly key: string | readonly string[];
  /** What the team speaks, as BCP 47 language tags. Absent: nothing is claimed. */
  readonly languages?: readonly string[];
  /** How long a place is kept for a member whose every stream is cut. @default 5 minutes */
  readonly graceMs?: number;
  /** How long a chat waits for an agent who is gone before it is back in the queue. @default 3 minutes */
  readonly agentGraceMs?: number;
  /** How far back chats are known. @default 30 days */
  readonly keepMs?: number;
  /**
   * How many bytes one message may have in XML; what is longer is refused as `too-large`. Servers end the stream at their
   * own limit (Prosody: 512 KiB). @default 200 KiB
   */
  readonly maxStanzaBytes?: number;
  /** After how many entries of the lobby its state is written there, so that a copy need not read all of them. @default 500 */
  readonly snapshotEvery?: number;
  /** How often the server is asked whether it is there. After two without an answer the next one is taken. @default 20 s */
  readonly pingMs?: number;
  /** Told of what was skipped because it could not be read, without anybody's words. @default one line to the error output */
  readonly onError?: (error: unknown) => void;
}

export type XmppSettings = Required<Omit<XmppOptions, "files" | "languages" | "key">> &
  Pick<XmppOptions, "files" | "languages"> & {
    /** The first one signs. */
    readonly keys: readonly string[];
  };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KEY_BYTES = 32;
const SNAPSHOT_EVERY = 500;
const PING_MS = 20_000;
const STANZA_BYTES = 200 * 1024;

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: XmppOptions): XmppSettings {
  const { agents, component, key, rooms, secret, servers, ...others } = options;
  const keys = typeof key === "string" ? [key] : key;
  check(
    servers.length > 0,
    "servers",
    "is empty: name the server's component port, such as tcp://xmpp.example.org:5347",
  );
  for (const server of servers) {
    const fits = /^tcp:\/\/[^/]+:\d+$/.test(server) && URL.canParse(server);
    check(fits, "servers", `holds "${server}": write it like tcp://xmpp.example.org:5347`);
  }
  check(isDomain(component), "component", `is "${component}": write it like chat.example.org`);
  check(isDomain(rooms), "rooms", `is "${rooms}": write it like rooms.example.org`);
  check(Boolean(secret), "secret", "is empty: it is the component's password at the server");
  const areLong = keys.length > 0 && keys.every((each) => new TextEncoder().encode(each).length >= KEY_BYTES);
  check(areLong, "key", `needs at least ${KEY_BYTES} bytes`);
  check(agents.length > 0, "agents", "is empty: name who may answer, or their domain");
  const copies = options.copies ?? [component];
  check(copies.includes(component), "copies", `does not hold this copy's own address "${component}"`);
  if (options.files) check(URL.canParse(options.files.origin), "files.origin", "must be an absolute address");
  return {
    ...others,
    agents,
    component,
    rooms,
    secret,
    servers,
    keys,
    copies,
    lobby: options.lobby ?? "help",
    ...limitsOf(options),
    onError: options.onError ?? report,
  };
}

function limitsOf(options: XmppOptions) {
  const limits = {
    graceMs: options.graceMs ?? 5 * MINUTE_MS,
    agentGraceMs: options.agentGraceMs ?? 3 * MINUTE_MS,
    keepMs: options.keepMs ?? 30 * DAY_MS,
    snapshotEvery: options.snapshotEvery ?? SNAPSHOT_EVERY,
    pingMs: options.pingMs ?? PING_MS,
    maxStanzaBytes: options.maxStanzaBytes ?? STANZA_BYTES,
  };
  const { agentGraceMs, graceMs, ...others } = limits;
  for (const [name, value] of Object.entries(others)) check(value > 0, name, "must be more than 0");
  for (const [name, value] of Object.entries({ agentGraceMs, graceMs })) check(value >= 0, name, "must not be below 0");
  return limits;
}

/** Each conversation's room is named after it. */
export function roomOf(chatId: string, { rooms }: Pick<XmppSettings, "rooms">): string {
  return `${chatId}@${rooms}`;
}

function report(error: unknown): void {
  // oxlint-disable-next-line no-console -- the default, for want of a log
  console.error("[podpora]", error instanceof Error ? error.message : "an error");
}

function check(fits: boolean, option: string, fault: string): void {
  if (!fits) throw new TypeError(`xmpp: the option "${option}" ${fault}.`);
}

function isDomain(text: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text);
}
