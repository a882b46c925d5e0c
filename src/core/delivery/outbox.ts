import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { codeOf, isAdapterError, isRetryable } from "../contract/errors.ts";
import { clientId } from "./client-id.ts";
import { withLease } from "./lease.ts";
import { onDispose } from "./on-dispose.ts";
import { type EntryState, mergeEntries, type OutboxEntry, type OutboxItem, type OutboxRecord } from "./outbox-entry.ts";
import { causeOf, FileFailure, Gone, Uncertain } from "./outbox-failures.ts";
import { createRecords } from "./outbox-records.ts";
import { createSuperseded } from "./outbox-superseded.ts";
import { waitToRetry } from "./retry.ts";
import type { Scope } from "./scope.ts";

export interface Outbox<T extends OutboxItem> {
  readonly entries: ReadonlySignal<readonly OutboxEntry<T>[]>;
  readonly loaded: Promise<void>;
  /** Resolves when the item is stored, not when it is sent. The same `clientId` twice is one entry. */
  add(item: T, files?: readonly string[]): Promise<void>;
  /** Sends waiting entries at once. Refused entries, or only this one, are sent again with a new id. */
  retry(id?: string): void;
  /**
   * Removes a refused entry, to be corrected. `use` resolves with whether its text is stored elsewhere: until it is,
   * the storage keeps the entry for the next page. One tab does so for all; once `held` has aborted another one does.
   */
  take(id: string, use: (entry: OutboxEntry<T>, held: AbortSignal) => Promise<boolean>): Promise<void>;
  /** Calls back with each entry stored by another tab or an earlier page, as soon as this tab knows it. */
  onFound(listener: (entry: OutboxEntry<T>) => void): void;
  /**
   * Calls back when another tab has sent a different text with the id of an entry added here: `mine` is not sent as it
   * is. Two tabs share a draft, and may send it at the same moment.
   */
  onSuperseded(listener: (mine: OutboxEntry<T>, sent: OutboxRecord<T>) => void): void;
  /** Gives up an entry that may have arrived: no further events are reported for it. */
  cancel(id: string): void;
}

export interface OutboxOptions<T extends OutboxItem, Result> {
  readonly scope: Scope;
  readonly key: string;
  send(item: T, attachments: readonly string[], signal: AbortSignal): Promise<Result>;
  /** Called in every tab, with the response. `own`: it was written in this tab. */
  onSent(item: T, result: Result, own: boolean): void;
  /**
   * Items of one lane arrive in the order in which they were written; lanes do not wait for each other. @default one
   * lane
   */
  lane?(item: T): string;
}

/** Messages of the sending tab to the others. */
type Word<T, Result> =
  | { readonly sent: OutboxRecord<T>; readonly result: Result }
  | { readonly id: string; readonly state: EntryState }
  | { readonly wake: true };

/** A request that fails without a specific cause (status 500) is retried this often. */
const unknownTries = 3;

/**
 * Sends each item until it has arrived or was refused, through reloads and lost networks. A retry has the same
 * `clientId`, so that an item that arrived unnoticed is not sent twice. One tab sends for all of them, and reports the
 * outcome. A refused entry blocks nothing. Call it inside a model: disposing the model stops it, and the storage keeps
 * unsent items.
 */
export function createOutbox<T extends OutboxItem, Result>(options: OutboxOptions<T, Result>): Outbox<T> {
  const { scope, key } = options;
  const { platform, storage, uploads } = scope;
  const topic = `outbox/${key}`;
  const entries = signal<readonly OutboxEntry<T>[]>([]);
  const disposed = new AbortController();
  const stopped = AbortSignal.any([scope.left, disposed.signal]);
  let wake = new AbortController();
  const records = createRecords<T>(storage, key);
  const taking = new Set<string>();
  const listeners: ((entry: OutboxEntry<T>) => void)[] = [];
  const superseded = createSuperseded<T, Result>();
  /** Added in this tab: another tab may have added the same item in the same moment. */
  const addedHere = new Set<string>();
  let pursuing = false;
  /** Starts the lanes with waiting entries, while this is the sending tab. */
  let pump: (() => void) | undefined;

  onDispose(() => disposed.abort());
  onDispose(storage.watch(key, () => void load()));
  onDispose(
    storage.subscribe(topic, (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `publish` below has sent
      const word = message as Word<T, Result>;
      if (stopped.aborted) return;
      if ("sent" in word) conclude(word.sent, word.result);
      else if ("id" in word) setState(word.id, word.state);
      else if (pump) wakeAll();
    }),
  );

  const publish = (word: Word<T, Result>) => storage.publish(topic, word);
  const laneOf = (item: T) => options.lane?.(item) ?? "";
  const setState = (id: string, state: EntryState) => {
    entries.value = entries.peek().map((entry) => (entry.item.clientId === id ? { ...entry, state } : entry));
  };
  function report(id: string, state: EntryState) {
    setState(id, state);
    publish({ id, state });
  }
  const head = (lane: string) =>
    entries.peek().find(({ item, state }) => laneOf(item) === lane && state.status !== "refused");
  const isPending = () => entries.peek().some(({ state }) => state.status !== "refused");

  /** Entries of other tabs and earlier pages, without those that they have sent or removed. */
  async function load() {
    const all = await records.read();
    if (stopped.aborted) return;
    const stored = all && superseded.withoutDoubles(all);
    if (stored) {
      const known = new Set(entries.peek().map(({ item }) => item.clientId));
      entries.value = mergeEntries(stored, entries.peek(), (id) => records.wasStored(id));
      const found = entries.peek().filter(({ item }) => !known.has(item.clientId));
      for (const entry of found) for (const listener of listeners) listener(entry);
    }
    for (const id of entries.peek().flatMap(({ files }) => files)) void uploads.open(id);
    go();
  }

  function go() {
    if (pump) pump();
    else void pursue();
  }

  /** Waits for the lease while there is something to send. */
  async function pursue() {
    if (pursuing || stopped.aborted || !isPending()) return;
    pursuing = true;
    try {
      await withLease({ platform, storage, name: topic, signal: stopped }, sendAll);
    } catch {
      // Stopped while waiting: the storage keeps the rest.
    } finally {
      pursuing = false;
    }
    if (!stopped.aborted) void pursue();
  }

  async function sendAll(held: AbortSignal) {
    await load();
    // The tab was suspended meanwhile: it may have acquired the lease again, in another turn than this one.
    if (held.aborted) return;
    const lanes = new Set<string>();
    await new Promise<void>((resolve) => {
      const own = () => {
        const waiting = entries.peek().filter(({ state }) => state.status !== "refused");
        for (const lane of new Set(waiting.map(({ item }) => laneOf(item)))) {
          if (lanes.has(lane) || held.aborted) continue;
          lanes.add(lane);
          void sendLane(lane, held).finally(() => {
            lanes.delete(lane);
            own();
          });
        }
        if (lanes.size === 0 || held.aborted) stop();
      };
      function stop() {
        if (pump === own) pump = undefined;
        resolve();
      }
      held.addEventListener("abort", stop, { once: true });
      pump = own;
      own();
    });
    if (!held.aborted) return;
    entries.value = entries
      .peek()
      .map((entry) => (entry.state.status === "refused" ? entry : { ...entry, state: { status: "waiting" } }));
  }

  async function sendLane(lane: string, held: AbortSignal) {
    let tries = 0;
    for (let entry = head(lane); entry && !held.aborted; entry = head(lane)) {
      const { item } = entry;
      try {
        // oxlint-disable-next-line no-await-in-loop -- a lane keeps its order
        const result = await attempt(entry, held);
        tries = 0;
        // oxlint-disable-next-line no-await-in-loop -- done with this one before the next
        await arrived(entry, result);
      } catch (error) {
        if (held.aborted) return;
        if (error instanceof Gone) {
          records.finish(item.clientId);
          drop(item.clientId);
          continue;
        }
        tries += 1;
        const cause = causeOf(error);
        // A picture that can't be read here will not become readable.
        const isFinal = error instanceof Uncertain || (error instanceof FileFailure && !isAdapterError(cause));
        if (isRetryable(cause) || (codeOf(cause) === "unknown" && !isFinal && tries < unknownTries)) {
          report(item.clientId, { status: "retrying", code: codeOf(cause) });
          // oxlint-disable-next-line no-await-in-loop -- the back-off
          await waitToRetry(platform, tries, error, held, wake.signal).catch(() => undefined);
        } else {
          tries = 0;
          // oxlint-disable-next-line no-await-in-loop -- stored before the next one goes
          await refuse(entry, error);
        }
      }
    }
  }

  async function attempt({ item, files }: OutboxEntry<T>, held: AbortSignal): Promise<Result> {
    if (files.length > 0) report(item.clientId, { status: "uploading" });
    const attachments = await Promise.all(
      files.map((id) =>
        uploads.attachment(id, held).catch((cause: unknown) => {
          throw new FileFailure(uploads.get(id)?.file.name ?? "", cause);
        }),
      ),
    );
    held.throwIfAborted();
    report(item.clientId, { status: "sending" });
    const as = await scope.caller.findSubject();
    const beginning = await records.begin(item.clientId, as);
    if (beginning === "gone") throw new Gone();
    // Sending it again could duplicate it: the member decides.
    if (beginning === "uncertain") throw new Uncertain();
    held.throwIfAborted();
    // A person without an identity gets one during the call.
    const stop = effect(() => {
      const { value: name } = scope.caller.subject;
      if (name !== undefined && name !== as) void records.begin(item.clientId, name);
    });
    const ids = attachments.map(({ id }) => id);
    return await options.send(item, ids, held).finally(stop);
  }

  async function arrived({ item, files }: OutboxEntry<T>, result: Result) {
    const record = records.of(item, files);
    publish({ sent: record, result });
    conclude(record, result);
    await records.remove(item.clientId);
    for (const id of files) uploads.remove(id);
  }

  function conclude(record: OutboxRecord<T>, result: Result) {
    const { item, files, tab } = record;
    if (!records.finish(item.clientId)) return;
    superseded.arrived(record, result);
    const isOwn = addedHere.has(item.clientId) || tab === storage.tab;
    const mine = entries.peek().find((entry) => entry.item.clientId === item.clientId);
    // It may have been stored after the other tab had finished it.
    if (mine && superseded.compare(mine, record)) void records.remove(item.clientId);
    drop(item.clientId);
    for (const id of files) uploads.release(id);
    options.onSent(item, result, isOwn);
  }

  async function refuse({ item }: OutboxEntry<T>, error: unknown) {
    const cause = causeOf(error);
    const fields = isAdapterError(cause) ? cause.fields : undefined;
    const refused = {
      status: "refused",
      code: codeOf(cause),
      ...(fields && { fields }),
      ...(error instanceof FileFailure && { file: error.file }),
    } as const;
    report(item.clientId, refused);
    await records.refuse(item.clientId, refused);
  }

  /** If several tabs are asked to, one sends again. */
  async function askAgain({ item, files }: OutboxEntry<T>) {
    if (!records.finish(item.clientId)) return;
    const again = { ...item, clientId: clientId() };
    const isOurs = await records.replace(item.clientId, again);
    if (stopped.aborted) return;
    if (isOurs) {
      for (const id of files) uploads.renew(id);
      const before = entries.peek().filter((entry) => entry.item.clientId !== again.clientId);
      const renewed: OutboxEntry<T> = { item: again, files, state: { status: "waiting" } };
      const isThere = before.some((entry) => entry.item.clientId === item.clientId);
      entries.value = isThere
        ? before.map((entry) => (entry.item.clientId === item.clientId ? renewed : entry))
        : [...before, renewed];
    } else drop(item.clientId);
    go();
  }

  function drop(id: string) {
    entries.value = entries.peek().filter(({ item }) => item.clientId !== id);
    addedHere.delete(id);
  }

  function cancel(id: string) {
    records.finish(id);
    drop(id);
    void records.remove(id);
  }

  function wakeAll() {
    wake.abort();
    wake = new AbortController();
    pump?.();
  }

  return {
    entries,
    loaded: load(),
    async add(item, files = []) {
      const waiting: OutboxEntry<T> = { item, files, state: { status: "waiting" } };
      const before = superseded.find(item.clientId);
      if (before) {
        superseded.compare(waiting, before.record);
        return options.onSent(before.record.item, before.result, true);
      }
      if (entries.peek().some((entry) => entry.item.clientId === item.clientId)) return;
      addedHere.add(item.clientId);
      entries.value = [...entries.peek(), waiting];
      const stored = records.add(item, files);
      // The tab where it was written is the first to request the lease.
      go();
      const other = await stored;
      const mine = entries.peek().find((entry) => entry.item.clientId === item.clientId);
      if (!other || !mine || stopped.aborted) return;
      // Another tab was first: its stored version is sent.
      const theirs = { ...mine, item: other.item, files: other.files };
      entries.value = entries.peek().map((entry) => (entry === mine ? theirs : entry));
      superseded.compare(waiting, other);
    },
    retry(id) {
      for (const entry of entries.peek()) {
        const { clientId: own } = entry.item;
        const isMeant = (id === undefined || own === id) && !taking.has(own);
        if (entry.state.status === "refused" && isMeant) void askAgain(entry);
      }
      if (pump) wakeAll();
      else publish({ wake: true });
      go();
    },
    async take(id, use) {
      const entry = entries.peek().find(({ item, state }) => item.clientId === id && state.status === "refused");
      if (!entry || taking.has(id)) return;
      taking.add(id);
      try {
        await withLease({ platform, storage, name: `${topic}/take/${id}`, signal: stopped }, async (held) => {
          const stored = await records.read();
          // Another tab has taken it: its text is back in its field.
          const isTaken = stored && records.wasStored(id) && !stored.some((record) => record.item.clientId === id);
          const isStored = isTaken || (await use(entry, held));
          held.throwIfAborted();
          records.finish(id);
          drop(id);
          if (isStored) await records.remove(id);
        });
      } catch (error) {
        // It is available again for the next caller.
        if (!stopped.aborted) throw error;
      } finally {
        taking.delete(id);
      }
    },
    onFound: (listener) => void listeners.push(listener),
    onSuperseded: (listener) => superseded.listen(listener),
    cancel,
  };
}
