import { toJson } from "../contract/json.ts";
import { withLease } from "../delivery/lease.ts";
import { withDeadline } from "../delivery/deadlines.ts";
import { keptPrefix } from "../delivery/kept-answer.ts";
import type { OutboxRecord } from "../delivery/outbox-entry.ts";
import { scopedStorage } from "../delivery/personal-storage.ts";
import { hasWords } from "../delivery/whole-words.ts";
import type { Platform } from "../platform.ts";
import { type MergedGuests, mergedGuests } from "./merged-guests.ts";
import type { Merging } from "./merge-guest.ts";
import { finishWipe, isWiping, signOutCount } from "./wipe.ts";

const outbox = /-outbox$/;
/** The maximum wait for a tab that is still the guest, and is sending. */
const leaseMs = 1_000;

/**
 * Transfers a guest's unsent text and files to the member that they turn out to be. After the merge, items that arrived
 * under the guest's name belong to the member at the desk, so a retry arrives once.
 */
export async function adopt(platform: Platform, name: string, merging: Merging, signal: AbortSignal): Promise<void> {
  const { storage } = platform;
  const guest = scopedStorage(storage, "guest", signal);
  let merged: MergedGuests = {};
  let before: unknown;

  /** Items that belong to the member at the desk already may be resent. */
  function ownOf(record: OutboxRecord<unknown>): OutboxRecord<unknown> {
    const { tried, ...rest } = record;
    return tried !== undefined && merged[tried] === name ? rest : record;
  }

  /** False if another tab, which is still the guest, has written meanwhile. */
  async function moveOnce(key: string): Promise<boolean> {
    const theirs = await guest.get(key);
    const ours = outbox.test(key) && Array.isArray(theirs) ? theirs.map(ownOf) : theirs;
    await storage.update(`${name}/${key}`, (mine) => (signal.aborted ? mine : join(mine, ours)));
    // A sign-out in another tab happened meanwhile: everything that it removed stays removed.
    if ((await signOutCount(storage)) !== before) {
      await storage.delete(`${name}/${key}`);
      throw new DOMException("signed out meanwhile", "AbortError");
    }
    let isMoved = false;
    await guest.update(key, (now) => {
      isMoved = isSame(now, theirs);
      if (!isMoved) return now;
      // A tab that is still the guest has to notice that its waiting items are no longer its own.
      return outbox.test(key) ? [] : undefined;
    });
    return isMoved;
  }
  async function move(key: string) {
    // oxlint-disable-next-line no-await-in-loop -- once more with what was written meanwhile
    while (!(await moveOnce(key))) signal.throwIfAborted();
  }
  async function moveAll() {
    before = await signOutCount(storage);
    // A sign-out is running, or was interrupted by a crash: the data that it was to remove is transferred to nobody.
    if (isWiping(before)) return await finishWipe(storage);
    merged = await mergedGuests(storage);
    await guest.clear(keptPrefix);
    const keys = await guest.keys("");
    // Items that may have arrived under the guest's name wait until the outcome is known.
    const wanted = merging === "later" ? keys.filter((key) => !outbox.test(key) && !key.startsWith("file/")) : keys;
    for (const key of wanted) {
      const run = () => move(key);
      // No item of an outbox is being sent during the transfer.
      const lease = { platform, storage: guest, name: `outbox/${key}` };
      const moved = outbox.test(key)
        ? withDeadline(leaseMs, signal, (stop) => withLease({ ...lease, signal: stop }, run)).catch(() => undefined)
        : run();
      // oxlint-disable-next-line no-await-in-loop -- a few keys, in order
      await moved;
    }
  }
  try {
    // Two tabs with two members at once: one of them gets it.
    await withLease({ platform, storage, name: "adopt", signal }, moveAll);
  } catch {
    signal.throwIfAborted();
    // A storage that refuses contains no data of a guest.
  }
}

/** A file is stored once and never changes. */
const textOf = (value: unknown) => (isPlain(value) && "file" in value ? "a file" : toJson(value));
const isSame = (now: unknown, before: unknown) => textOf(now) === textOf(before);

/** Files and unsent items have ids: duplicates are merged. */
const idOf = (value: unknown) =>
  typeof value === "object" && value !== null && "item" in value ? toJson(value.item) : value;

/** Lists are joined. Each field of two drafts keeps the text of both, once. */
function join(mine: unknown, theirs: unknown): unknown {
  if (mine === undefined || mine === "") return theirs;
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    const known = new Set(mine.map(idOf));
    return [...mine, ...theirs.filter((value) => !known.has(idOf(value)))];
  }
  if (isPlain(mine) && isPlain(theirs)) {
    const fields = Object.entries(mine).map(([name, value]) => [
      name,
      joinField(name, value, Reflect.get(theirs, name)),
    ]);
    return { ...theirs, ...Object.fromEntries(fields) };
  }
  return mine;
}

function joinField(name: string, mine: unknown, theirs: unknown): unknown {
  if (typeof mine !== "string" || typeof theirs !== "string" || name === "id") return mine;
  if (hasWords(mine, theirs)) return theirs;
  return hasWords(theirs, mine) ? mine : `${mine} ${theirs}`;
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
