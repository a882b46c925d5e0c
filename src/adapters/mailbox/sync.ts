import type { ImapFlow } from "imapflow";
import { abortable } from "../../core/contract/abortable.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { headerNames, receivedEntry, sentEntry, type Entry } from "./entry.ts";
import { isMissingFolder } from "./faults.ts";
import type { Link } from "./link.ts";
import { MAILS_MOST, type MailIndex } from "./mail-index.ts";
import type { Settings } from "./options.ts";
import type { Seal } from "./seal.ts";
import type { Place } from "./thread.ts";

/**
 * How far the folders are read: the UID of the newest mail, with the folder's UIDVALIDITY; none before the first read.
 */
export type Positions = readonly Place[];

export interface Sync {
  /** Reads changes. Resolves once everything is known that existed when it was called. */
  run(signal: AbortSignal): Promise<void>;
  positions(): Positions;
  /** Calls back with the changed threads, after everything was read. Returns a function that unsubscribes. */
  listen(told: (threads: ReadonlySet<string>) => void): () => void;
}

interface Folder {
  readonly name: string;
  validity: string;
  newest: number;
  /** The UIDNEXT of the server when everything was read. */
  next: number;
  /** By UID: mails without a thread have no key. */
  mails: Map<number, { readonly thread: string; readonly key: string } | undefined>;
}

/** A mail that existed. */
interface Gone {
  readonly place: Place;
  readonly thread: string;
  readonly key: string;
}

/** Per call: so much is kept if the next one fails. */
const CHUNK = 4000;

export function createSync(link: Link, index: MailIndex, seal: Seal, settings: Settings, closed: AbortSignal): Sync {
  const folders = [settings.folder, ...settings.inbox].map((name): Folder => ({
    name,
    validity: "",
    newest: 0,
    next: 0,
    mails: new Map(),
  }));
  const listeners = new Set<(threads: ReadonlySet<string>) => void>();
  const gone: Gone[] = [];
  const headers = [...headerNames(settings.statuses)];

  /** Whether there is more to read. */
  async function step(folder: Folder, client: ImapFlow): Promise<boolean> {
    if (await isUnchanged(folder, client)) return false;
    const { exists, uidValidity, uidNext } = await client.mailboxOpen(folder.name, { readOnly: true });
    if (String(uidValidity) !== folder.validity) beginAnew(folder, String(uidValidity));
    let fresh = exists === 0 ? [] : await uidsFrom(client, folder.newest + 1);
    if (folder.mails.size + fresh.length !== exists) {
      const all = new Set(exists === 0 ? [] : await uidsFrom(client, 1));
      for (const uid of folder.mails.keys()) if (!all.has(uid)) lose(folder, uid);
      fresh = [...all].filter((uid) => !folder.mails.has(uid));
    }
    // In a larger mailbox, the newest are read.
    for (const uid of fresh.splice(0, fresh.length - MAILS_MOST)) folder.mails.set(uid, undefined);
    const chunk = fresh.slice(0, CHUNK);
    if (chunk.length > 0) await readMails(folder, chunk, client);
    folder.newest = Math.max(folder.newest, chunk.at(-1) ?? 0);
    if (fresh.length > chunk.length) return true;
    folder.next = uidNext;
    return false;
  }

  /** Opening a large folder takes a server a hundred times as long as this command. */
  async function isUnchanged({ name, validity, next, mails }: Folder, client: ImapFlow): Promise<boolean> {
    // For the open folder, it may otherwise return outdated numbers.
    if (client.mailbox) await client.noop();
    const status = await client.status(name, { messages: true, uidNext: true, uidValidity: true });
    if (!status) return false;
    return String(status.uidValidity) === validity && status.uidNext === next && status.messages === mails.size;
  }

  async function readMails(folder: Folder, uids: readonly number[], client: ImapFlow): Promise<void> {
    const range = `${uids[0]}:${uids.at(-1)}`;
    const query = { uid: true, internalDate: true, size: true, headers };
    for await (const { uid, headers: text, internalDate, size = 0 } of client.fetch(range, query, { uid: true })) {
      if (folder.mails.has(uid)) continue;
      const mail = { headers: text ?? Buffer.alloc(0), internalDate: new Date(internalDate ?? 0), size };
      const entry =
        folder.name === settings.folder ? sentEntry(mail, seal) : receivedEntry(mail, seal, settings.statuses);
      folder.mails.set(uid, entry && keep(folder, uid, entry));
    }
    for (const uid of uids) if (!folder.mails.has(uid)) folder.mails.set(uid, undefined);
  }

  function keep(folder: Folder, uid: number, entry: Entry) {
    const { thread, key } = entry;
    index.add(entry, placeOf(folder, uid));
    return { thread, key };
  }

  function lose(folder: Folder, uid: number): void {
    const mail = folder.mails.get(uid);
    folder.mails.delete(uid);
    if (mail) gone.push({ ...mail, place: placeOf(folder, uid) });
  }

  function beginAnew(folder: Folder, validity: string): void {
    for (const uid of folder.mails.keys()) lose(folder, uid);
    Object.assign(folder, { validity, newest: 0, next: 0, mails: new Map() });
  }

  async function readFolder(folder: Folder): Promise<void> {
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
        if (!(await link.read(closed, async (client) => await step(folder, client)))) return;
      } catch (cause) {
        if (!isMissingFolder(cause)) throw cause;
        // The gateway's own folder is created with the first ticket.
        if (folder.name === settings.folder) return beginAnew(folder, "");
        const text = `the mailbox has no folder "${folder.name}": create it, or name another in the option "inbox"`;
        throw new AdapterError("unavailable", text, { cause });
      }
    }
  }

  async function readAll(): Promise<void> {
    // Sent mails first, so that an answer is only shown in a known thread.
    // oxlint-disable-next-line no-await-in-loop -- as above
    for (const folder of folders) await readFolder(folder);
    // Only now: a moved mail is in another folder, and mails with new UIDs were read again.
    for (const { thread, key, place } of gone.splice(0)) index.remove(thread, key, place);
    const changed = index.changed();
    if (changed.size > 0) for (const told of listeners) told(changed);
  }

  // One after the other, so that no two read the same mails. A call during a read waits for the next one.
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  async function begin(): Promise<void> {
    if (running === undefined) {
      running = readAll().finally(() => (running = undefined));
      return await running;
    }
    const again = async (): Promise<void> => {
      next = undefined;
      await begin();
    };
    next ??= running.then(again, again);
    await next;
  }

  return {
    run: async (signal) => await abortable(begin(), signal),
    positions: () => folders.map((folder) => placeOf(folder, folder.newest)),
    listen(told) {
      listeners.add(told);
      return () => void listeners.delete(told);
    },
  };
}

function placeOf({ name, validity }: Folder, uid: number): Place {
  return { folder: name, validity, uid };
}

/** In ascending order. */
async function uidsFrom(client: ImapFlow, from: number): Promise<number[]> {
  const found = await client.search({ uid: `${from}:*` }, { uid: true });
  if (!found) throw new Error("the mailbox could not be searched");
  // Any range to "*" includes the newest mail.
  return found.filter((uid) => uid >= from).toSorted((left, right) => left - right);
}
