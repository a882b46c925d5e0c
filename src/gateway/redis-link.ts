import { createClient } from "@redis/client";
import { faultText, StoreError, storeFaultOf } from "./store-error.ts";

export interface LinkOptions {
  readonly url: string;
  /** How long a command may take. */
  readonly commandMs: number;
  /** Told of each fault of the connection; it is mended without anybody's help. */
  readonly onError: (error: StoreError) => void;
}

type Client = ReturnType<typeof createClient>;

/** One connection to Redis. A server that no longer answers is noticed, and the connection made anew. */
export interface Link {
  readonly client: Client;
  /** Rejects with a StoreError, after `commandMs` at the latest. */
  ask<T>(call: (client: Client) => Promise<T>): Promise<T>;
  readonly close: () => void;
}

const CONNECT_MS = 3000;
const BACK_OFF_MAX_MS = 3000;
const PING_MS = 2000;
/** No byte for so long, although somebody asks every `PING_MS`: nobody is there. */
const SILENT_MS = 5000;
/** A replica stays one for a while: it is left at most so often. */
const RENEW_MS = 5000;

export function openLink({ commandMs, onError, url }: LinkOptions): Link {
  const place = placeOf(url);
  const client: Client = createClient({
    url,
    // A call that waits for a server to come back is one that the member has given up.
    disableOfflineQueue: true,
    // It ends with the writing of the command: what is written and not answered is `ask`'s own.
    commandOptions: { timeout: commandMs },
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, BACK_OFF_MAX_MS),
    },
  });
  /** What is wrong with the connection; undefined while it stands. */
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
    // What it fails with is told by the event as well.
    client.connect().catch(() => undefined);
  }

  function fault(cause: unknown): StoreError {
    const kind = storeFaultOf(cause);
    return new StoreError(kind, `Redis at ${place} ${sayings[kind]} (${faultText(cause)})`, { cause });
  }

  /** Ends this connection and makes another, at once and by the server's name, which may be another server's by now. */
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
      // An answer that comes late would be taken for another call's, and each byte that is written to nobody puts off
      // the socket's own time-out. A server that takes no writes was perhaps the main one a moment ago.
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
  silent: "does not answer",
  "read-only": "takes no writes",
  full: "is full and takes no writes: raise maxmemory",
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

/** Host and port: an address may hold a password. */
function placeOf(url: string): string {
  const { host } = URL.canParse(url) ? new URL(url) : { host: "" };
  return host || "its address";
}
