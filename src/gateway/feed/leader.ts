import { abortable } from "../../core/contract/abortable.ts";
import type { Adapter, PersonalEvent } from "../../core/contract/adapter.ts";
import { isAdapterError } from "../../core/contract/errors.ts";
import type { FeedStore, NewEntry } from "./feed-store.ts";
import { createPauses, type Pauses } from "./pauses.ts";

export interface LeaderOptions {
  readonly adapter: Adapter & Required<Pick<Adapter, "changes">>;
  readonly feeds: FeedStore;
  /** Aborts when the gateway closes. */
  readonly closed: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Runs the feed while this copy of the gateway has the lease, and otherwise tries to acquire it. */
export interface Leader {
  /** Starts it; call it once. */
  start(): void;
  /** Something may have changed at the desk. Does nothing at a copy that does not lead. */
  wake(forMs?: number): void;
}

/** After this time another copy replaces one that died. */
const LEASE_MS = 10_000;
const RENEW_MS = 3000;
/** A feed that neither calls the desk nor pauses for this time is stuck: the lease is released. */
const STALL_MS = 120_000;
/** The delay after a failure of the desk; doubled with each further one. */
const RETRY_MS = 1000;
const RETRY_MOST_MS = 60_000;
/** A longer event is not stored: its recipients reload everything. */
const ENTRY_CHARACTERS = 64 * 1024;
/** Stored instead of such an event. */
export const CUT = "cut";

export function createLeader({ adapter, closed, feeds, onError }: LeaderOptions): Leader {
  const { name } = adapter;
  const me = crypto.randomUUID();
  let pauses: Pauses | undefined;
  let isStarted = false;

  /** Tries to acquire the lease, and holds it for one run of the feed at a time. */
  async function run(): Promise<void> {
    for (let failures = 0; !closed.aborted;) {
      let waitMs = RENEW_MS;
      try {
        // oxlint-disable-next-line no-await-in-loop -- one run after the other
        if (await feeds.lead(name, me, LEASE_MS)) {
          // oxlint-disable-next-line no-await-in-loop -- as above
          await follow(() => (failures = 0));
        }
      } catch (error) {
        if (closed.aborted) break;
        onError(error);
        waitMs = Math.min(RETRY_MS * 2 ** failures, RETRY_MOST_MS);
        failures += 1;
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await delay(waitMs, closed);
    }
    await feeds.resign(name, me).catch(() => undefined);
  }

  /** Until the lease is lost, or the feed fails. */
  async function follow(onStored: () => void): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([closed, over.signal]);
    const stopRenewing = renew(() => over.abort(new Error("the lease of the feed has expired")));
    const watch = watchdog(() => over.abort(new Error(`the feed of "${name}" is stuck`)));
    pauses = createPauses(signal, watch.paused);
    try {
      await store(signal, pauses, () => {
        watch.paused(false);
        onStored();
      });
    } finally {
      pauses = undefined;
      watch.stop();
      stopRenewing();
      over.abort();
    }
  }

  async function store(signal: AbortSignal, { pause }: Pauses, onStored: () => void): Promise<void> {
    const before = await feeds.place(name);
    let epoch = before?.epoch ?? newEpoch();
    const steps = adapter.changes(before?.cursor, { signal, pause })[Symbol.asyncIterator]();
    const next = async () => await abortable(steps.next(), signal);
    try {
      for (let step = await next(); step.done !== true; step = await next()) {
        const { cursor, events } = step.value;
        if (!(await feeds.append(name, me, { epoch, cursor }, events.map(entryOf)))) return;
        onStored();
      }
    } catch (error) {
      if (!isAdapterError(error) || error.code !== "stale-cursor" || before === undefined) throw error;
      // The events in between are unknown: every open stream reloads everything.
      epoch = newEpoch();
      const begun = await beginning(signal, pause);
      if (begun !== undefined) await feeds.append(name, me, { epoch, cursor: begun }, []);
    } finally {
      // A stuck generator does not return: do not wait for it.
      void Promise.resolve(steps.return?.()).catch(() => undefined);
    }
  }

  /** The cursor of a feed that starts now. */
  async function beginning(signal: AbortSignal, pause: Pauses["pause"]): Promise<string | undefined> {
    for await (const { cursor } of adapter.changes(undefined, { signal, pause })) return cursor;
    return undefined;
  }

  /**
   * Renews the lease; calls `onLost` when another copy has it, or may have it because the store has not answered for
   * too long.
   */
  function renew(onLost: () => void): () => void {
    let heldUntil = performance.now() + LEASE_MS;
    const timer = setInterval(() => {
      const asked = performance.now();
      feeds.lead(name, me, LEASE_MS).then(
        (isMine) => {
          if (!isMine) onLost();
          heldUntil = asked + LEASE_MS;
        },
        () => {
          if (performance.now() >= heldUntil) onLost();
        },
      );
    }, RENEW_MS);
    return () => clearInterval(timer);
  }

  return {
    start() {
      if (isStarted) return;
      isStarted = true;
      void run();
    },
    wake: (forMs) => pauses?.wake(forMs),
  };
}

/** Calls back when the feed has shown no activity for too long. */
function watchdog(onStall: () => void) {
  let timer = setTimeout(onStall, STALL_MS);
  return {
    paused: (isPausing: boolean): void => {
      clearTimeout(timer);
      if (!isPausing) timer = setTimeout(onStall, STALL_MS);
    },
    stop: (): void => clearTimeout(timer),
  };
}

function entryOf({ event, key }: PersonalEvent): NewEntry {
  const text = JSON.stringify(event);
  return { key, text: text.length > ENTRY_CHARACTERS ? CUT : text };
}

function newEpoch(): string {
  return crypto.randomUUID().slice(0, 8);
}

async function delay(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}
