import type { ImapFlow } from "imapflow";
import { AdapterError } from "../../core/contract/errors.ts";
import { createBreaker, type Outcome, limits } from "../../adapter/index.ts";
import { createConnections, untilAborted } from "./connections.ts";
import { imapFault, isImapAway } from "./faults.ts";
import type { Settings } from "./options.ts";

/** Runs with an exclusive connection, and may leave it in any state. */
export type Work<T> = (client: ImapFlow) => Promise<T>;

/** The mailbox, with deadlines. Every failure is an AdapterError, except an abort, which keeps its own reason. */
export interface Link {
  /** For idempotent work: retried once if the connection was lost. */
  read<T>(signal: AbortSignal, work: Work<T>): Promise<T>;
  write<T>(signal: AbortSignal, work: Work<T>): Promise<T>;
}

export function createLink(settings: Settings, closed: AbortSignal): Link {
  const { imap, callMs } = settings;
  const guard = createBreaker("the mailbox");
  const connections = createConnections(settings);
  closed.addEventListener("abort", () => connections.close(), { once: true });

  async function run<T>(work: Work<T>, signal: AbortSignal, isRead: boolean): Promise<T> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(callMs);
    async function send(isTry: boolean): Promise<Outcome<T>> {
      const ends = isTry ? [AbortSignal.timeout(Math.min(callMs, limits.TRY_MS))] : [signal, deadline];
      const until = AbortSignal.any([...ends, closed]);
      try {
        const client = await connections.take(until);
        const value = await untilAborted(client, until, async () => await work(client));
        connections.give(client);
        return { value };
      } catch (cause) {
        if (!isTry && signal.aborted) throw signal.reason;
        if (closed.aborted) throw new AdapterError("unavailable", "the mailbox is closed", { cause });
        const isAway = until.aborted || isImapAway(cause);
        return { error: imapFault(cause, imap, until.aborted), isAway, mayRepeat: isAway && !until.aborted };
      }
    }
    try {
      return await guard.run(send, { signal, deadline, isRead });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw imapFault(error, imap, deadline.aborted);
    }
  }

  return {
    read: async (signal, work) => await run(work, signal, true),
    write: async (signal, work) => await run(work, signal, false),
  };
}
