import { ImapFlow } from "imapflow";
import { abortable } from "../../core/contract/abortable.ts";
import { connectionOf } from "./connections.ts";
import type { Settings } from "./options.ts";
import { pause } from "./pause.ts";

/** A dead idle connection is silent: so it is checked, and has to answer in time. */
const KEEP_ALIVE_MS = 60_000;
const BACK_OFF_MS = 1000;
const BACK_OFF_MOST_MS = 60_000;

/** Calls `wake` when a mail arrives or disappears, on an IDLE connection of its own, until the signal aborts. */
export async function watchInbox(settings: Settings, wake: () => void, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const client = new ImapFlow(connectionOf(settings.imap, settings.callMs));
    const gone = new AbortController();
    client.on("error", () => client.close());
    client.once("close", () => gone.abort());
    const ended = AbortSignal.any([signal, gone.signal]);
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      await open(client, settings, ended);
      client.on("exists", wake);
      client.on("expunge", wake);
      failures = 0;
      // What arrived while no connection was idle.
      wake();
      // oxlint-disable-next-line no-await-in-loop -- as above
      await wait(client, settings, ended);
    } catch {
      // The poller continues, and reports the failure.
    }
    client.close();
    const longest = Math.min(BACK_OFF_MOST_MS, BACK_OFF_MS * 2 ** failures);
    failures += 1;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(longest * (0.5 + Math.random() / 2), signal);
  }
}

async function open(client: ImapFlow, { inbox, callMs }: Settings, ended: AbortSignal): Promise<void> {
  const until = AbortSignal.any([ended, AbortSignal.timeout(callMs)]);
  await abortable(client.connect(), until);
  await abortable(client.mailboxOpen(inbox[0] ?? "INBOX", { readOnly: true }), until);
}

async function wait(client: ImapFlow, { callMs }: Settings, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    client.idle().catch(() => client.close());
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await pause(KEEP_ALIVE_MS, ended);
    if (ended.aborted) return;
    // It ends IDLE, and is answered after it.
    // oxlint-disable-next-line no-await-in-loop -- as above
    await abortable(client.noop(), AbortSignal.any([ended, AbortSignal.timeout(callMs)]));
  }
}
