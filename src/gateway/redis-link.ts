import { createClient } from "@redis/client";
import { faultText, StoreError, storeFaultOf } from "./store-error.ts";

export interface LinkOptions {
  readonly url: string;
  /** How long a command may take. */
  readonly commandMs: number;
  /** Called with each fault of the connection, which then reconnects automatically. */
  readonly onError: (error: StoreError) => void;
}

type Client = ReturnType<typeof createClient>;

/** One connection to Redis. If the server stops answering, the connection is replaced. */
export interface Link {
  readonly client: Client;
  /** Rejects with a StoreError, after `commandMs` at the latest. */
  ask<T>(call: (client: Client) => Promise<T>): Promise<T>;
  readonly close: () => void;
}

const CONNECT_MS = 3000;
const BACK_OFF_MAX_MS = 3000;
const PING_MS = 2000;
/** The server is dead if no byte arrives for this time, although a ping is sent every `PING_MS`. */
const SILENT_MS = 5000;
/** A replica stays one for a while: reconnect at most this often. */
const RENEW_MS = 5000;

export function openLink({ commandMs, onError, url }: LinkOptions): Link {
  const place = placeOf(url);
  const client: Client = createClient({
    url,
    // By the time the server is back, the member has given up a queued call.
    disableOfflineQueue: true,
    // The client's time-out ends when a command is written; `ask` limits the time until the answer.
    commandOptions: { timeout: commandMs },
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, BACK_OFF_MAX_MS),
    },
  });
  /** The fault of the connection; undefined while it works. */
  let last: StoreError | undefined;
  let isClosed = false;

  const tried = new Promise<void>((resolve) => {
    for (const event of ["ready", "error"] as const) client.once(event, () => resolve());
  });
  client.on("ready", () => (last = undefined));
  client.on("error", (error: unknown) => {
    if (isClosed) return;
    last = fault(error);
    onError(last);
  });
  connect();

  function connect(): void {
    // The event reports the failure as well.
    client.connect().catch(() => undefined);
  }

  function fault(cause: unknown): StoreError {
    const kind = storeFaultOf(cause);
    return new StoreError(kind, `Redis at ${place} ${sayings[kind]} (${faultText(cause)})`, { cause });
  }

  /**
   * Closes this connection and opens another one at once, resolving the server's name again, since it may point to
   * another server by now.
   */
  function renew(error: StoreError): void {
    if (isClosed || !client.isReady) return;
    last = error;
    onError(error);
    client.destroy();
    connect();
  }

  async function ask<T>(call: (client: Client) => Promise<T>): Promise<T> {
    if (!client.isReady && last === undefined) await within(tried, commandMs).catch(() => undefined);
    if (!client.isReady) throw last ?? fault(new StoreError("silent", "no answer yet"));
    try {
      return await within(call(client), commandMs);
    } catch (cause) {
      if (!client.isReady && last !== undefined) throw last;
      const error = fault(cause);
      // A late answer would be assigned to another call, and every byte written postpones the socket's own time-out. A
      // server that takes no writes may have been the primary a moment ago.
      if (error.fault === "silent" || (error.fault === "read-only" && isDue())) renew(error);
      throw error;
    }
  }

  let renewedAt = 0;
  function isDue(): boolean {
    if (Date.now() - renewedAt < RENEW_MS) return false;
    renewedAt = Date.now();
    return true;
  }

  return {
    client,
    ask,
    close() {
      isClosed = true;
      if (client.isOpen) client.destroy();
    },
  };
}

const sayings = {
  unreachable: "cannot be reached",
  silent: "does not respond",
  "read-only": "accepts no writes",
  full: "is full and accepts no writes: raise maxmemory",
  loading: "is still starting",
  refused: "refuses the password or the user",
  failed: "answers with an error",
} as const;

async function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreError("silent", `no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Host and port only: an address may contain a password. */
function placeOf(url: string): string {
  const { host } = URL.canParse(url) ? new URL(url) : { host: "" };
  return host || "its address";
}
