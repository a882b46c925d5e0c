import type { XmppOptions } from "./options.ts";
import { checkOptions } from "./options-check.ts";

/** The options, validated and with defaults. */
export type XmppSettings = Required<Omit<XmppOptions, "files" | "languages" | "key">> &
  Pick<XmppOptions, "files" | "languages"> & {
    /** The first one signs. */
    readonly keys: readonly string[];
  };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SNAPSHOT_EVERY = 500;
const PING_MS = 20_000;
const STANZA_BYTES = 200 * 1024;

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: XmppOptions): XmppSettings {
  checkOptions(options);
  const { agents, component, key, rooms, secret, servers, ...others } = options;
  const keys = typeof key === "string" ? [key] : key;
  const copies = options.copies ?? [component];
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
  return limits;
}

/** Each conversation's room has this prefix. */
export function roomOf(chatId: string, { rooms }: Pick<XmppSettings, "rooms">): string {
  return `${chatId}@${rooms}`;
}

function report(error: unknown): void {
  // oxlint-disable-next-line no-console -- the default, for want of a log
  console.error("[podpora]", error instanceof Error ? error.message : "an error");
}
