import { ImapFlow, type ImapFlowOptions } from "imapflow";
import { limits } from "../../adapter/index.ts";
import type { Settings } from "./options.ts";
import type { Server } from "./server-options.ts";

/** A few connections of one account, each used for one task at a time. */
export interface Connections {
  /** An exclusive connection, until it is released or closed. Rejects with the signal's reason once it aborts. */
  take(signal: AbortSignal): Promise<ImapFlow>;
  give(client: ImapFlow): void;
  close(): void;
}

/** Mail servers allow an account some ten connections, which copies of the gateway share. */
const MOST = 3;
const UNUSED_MS = 60_000;

export function createConnections({ imap, callMs }: Settings): Connections {
  const free: ImapFlow[] = [];
  const open = new Set<ImapFlow>();
  const waiting: (() => void)[] = [];
  /** Since when. */
  const unused = new WeakMap<ImapFlow, number>();
  let sweeper: NodeJS.Timeout | undefined;

  function close(client: ImapFlow): void {
    client.close();
    if (open.delete(client)) waiting.shift()?.();
  }

  function sweep(): void {
    const old = free.filter((client) => performance.now() - (unused.get(client) ?? 0) >= UNUSED_MS);
    for (const client of old) {
      free.splice(free.indexOf(client), 1);
      close(client);
    }
    sweeper = free.length > 0 ? setTimeout(sweep, UNUSED_MS).unref() : undefined;
  }

  async function turn(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const stop = (): void => {
        waiting.splice(waiting.indexOf(next), 1);
        reject(signal.reason);
      };
      waiting.push(next);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  async function take(signal: AbortSignal): Promise<ImapFlow> {
    signal.throwIfAborted();
    const known = free.pop();
    if (known?.usable) return known;
    if (known) close(known);
    if (open.size >= MOST) {
      await turn(signal);
      return await take(signal);
    }
    const client = new ImapFlow(connectionOf(imap, callMs));
    open.add(client);
    client.on("error", () => close(client));
    client.once("close", () => close(client));
    try {
      await untilAborted(client, signal, async () => await client.connect());
    } catch (error) {
      close(client);
      throw error;
    }
    return client;
  }

  return {
    take,
    give(client) {
      free.push(client);
      unused.set(client, performance.now());
      waiting.shift()?.();
      sweeper ??= setTimeout(sweep, UNUSED_MS).unref();
    },
    close() {
      for (const client of free.splice(0)) close(client);
    },
  };
}

/** A command has no time-out of its own: the connection is closed at the deadline, and after a failure. */
export async function untilAborted<T>(client: ImapFlow, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const cut = (): void => client.close();
  signal.addEventListener("abort", cut, { once: true });
  try {
    return await work();
  } catch (error) {
    client.close();
    throw error;
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

export function connectionOf({ host, port, user, password, security }: Server, callMs: number): ImapFlowOptions {
  return {
    host,
    port,
    secure: security === "tls",
    doSTARTTLS: security === "starttls",
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: callMs,
    greetingTimeout: callMs,
    // Of an answer; an attachment arrives in chunks.
    maxLiteralSize: limits.ANSWER_BYTES,
    maxLineLength: limits.ANSWER_BYTES,
    maxResponseSize: 2 * limits.ANSWER_BYTES,
  };
}
