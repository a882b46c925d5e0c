import type { Signal } from "@preact/signals-core";
import type { StreamContext } from "../contract/adapter.ts";
import { isAdapterError } from "../contract/errors.ts";
import { callContext, type Platform } from "../platform.ts";
import { clientId } from "./client-id.ts";
import { withLease } from "./lease.ts";
import { createPolling } from "./polling.ts";
import { createProof } from "./proof.ts";
import { createRecentEvents } from "./recent-events.ts";
import { waitToRetry } from "./retry.ts";
import type { Storage } from "./storage.ts";

/**
 * `lost`: nothing gets through. `polling`: no stream gets through, but plain requests do, so news comes a little later.
 */
export type ConnectionState = "connecting" | "live" | "polling" | "lost";

export interface ConnectionOptions<Event extends { readonly cursor?: string }> {
  readonly platform: Platform;
  /** The person's part: all tabs share one stream of this name. */
  readonly storage: Storage;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly state: Signal<ConnectionState>;
  /** Where to start; every later attempt goes on from the last cursor seen. */
  readonly cursor?: string | undefined;
  /** Without a cursor the stream begins with all past events, not with the next one. */
  readonly fromStart?: boolean;
  open(cursor: string | undefined, ctx: StreamContext): AsyncIterable<Event>;
  onEvent(event: Event): void;
  /** Something may have been missed, and is to be read again. */
  onReconnected?(): void;
  /** Reads what is new by plain requests, while no stream gets through. */
  poll?(): Promise<void>;
}

/** What the tab with the stream tells the others, and what a tab that has just come asks it. */
type Word<Event> =
  | { readonly event: Event; readonly to?: string }
  | { readonly state: ConnectionState }
  | { readonly poll: true }
  /** The stream does not hold what this tab asked for: it reads that itself. */
  | { readonly missed: string }
  | { readonly from: string; readonly after: string | undefined };

/** One that is cut sooner is opened later and later, though it has brought something each time. */
const steadyMs = 10_000;

/**
 * Keeps one stream of events alive until `signal` aborts: one for all tabs of the person. The tab that has it tells the
 * others what comes; when it is closed another one goes on from the last cursor that it has heard of. A stream that is
 * accepted and then held back or cut is replaced by `poll` until one works. Gives up only on an answer that no later try
 * would change (not allowed, not there); then it rejects with that error.
 */
export async function keepConnected<Event extends { readonly cursor?: string }>(
  options: ConnectionOptions<Event>,
): Promise<void> {
  const { platform, storage, signal, state, fromStart = false } = options;
  const topic = `stream/${options.name}`;
  const me = clientId();
  const recent = createRecentEvents<Event>();
  let { cursor } = options;
  let leading = false;
  /** Ends the attempt that runs: the next one begins at `cursor`. */
  let restart = new AbortController();

  const say = (word: Word<Event>) => storage.publish(topic, word);
  function setState(now: ConnectionState) {
    if (state.peek() === now) return;
    state.value = now;
    say({ state: now });
  }
  function take(event: Event) {
    cursor = event.cursor ?? cursor;
    options.onEvent(event);
  }
  const poll = async () => await options.poll?.();

  /** A tab that has just come knows everything up to a cursor: what came after it is repeated, to that tab alone. */
  function catchUp(to: string, after: string | undefined) {
    say({ state: state.peek() });
    if (after === undefined && !fromStart) return;
    const missed = recent.after(after);
    if (missed) for (const event of missed) say({ event, to });
    else if (fromStart) {
      // Every tab passes over what it knows already.
      cursor = after;
      recent.startAt(after, fromStart);
      restart.abort();
    } else say({ missed: to });
  }
  const unsubscribe = storage.subscribe(topic, (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `say` above has sent
    const word = message as Word<Event>;
    if (signal.aborted) return;
    if (!leading) follow(word);
    else if ("from" in word) catchUp(word.from, word.after);
  });

  /** What the tab with the stream says. */
  function follow(word: Word<Event>) {
    if ("event" in word && (word.to === undefined || word.to === me)) take(word.event);
    if ("poll" in word) void poll().catch(() => undefined);
    if ("missed" in word && word.missed === me) options.onReconnected?.();
    if ("state" in word) {
      const isBack = word.state === "live" && isTrouble(state.peek());
      state.value = word.state;
      if (isBack) options.onReconnected?.();
    }
  }

  function refused(error: unknown) {
    if (!isAdapterError(error)) return;
    if (error.code === "forbidden" || error.code === "not-found") throw error;
    if (error.code !== "invalid") return;
    // The desk no longer knows the cursor: from here on, and what was missed is read again.
    cursor = undefined;
    recent.clear();
  }

  async function lead(held: AbortSignal) {
    leading = true;
    recent.startAt(cursor, fromStart);
    let tries = 0;
    const polling = createPolling(platform, held, async () => {
      say({ poll: true });
      try {
        await poll();
        setState("polling");
      } catch (error) {
        setState("lost");
        throw error;
      }
    });
    try {
      while (!held.aborted) {
        restart = new AbortController();
        let failure: unknown;
        let steady: ReturnType<typeof setTimeout> | undefined;
        const proof = createProof({
          onProven() {
            polling.stop();
            const isAgain = tries > 0 || isTrouble(state.peek());
            steady = setTimeout(() => (tries = 0), steadyMs);
            setState("live");
            if (isAgain) options.onReconnected?.();
          },
          onDoubt: () => options.poll && polling.start(),
        });
        try {
          const stop = AbortSignal.any([held, restart.signal]);
          const ctx = { ...callContext(platform, stop), onConnected: () => proof.connected() };
          for await (const event of options.open(cursor, ctx)) {
            // What was on its way when it was stopped belongs to nobody any more.
            if (stop.aborted) break;
            proof.prove();
            take(event);
            recent.add(event);
            say({ event });
          }
        } catch (error) {
          if (held.aborted) return;
          if (!restart.signal.aborted) {
            refused(error);
            failure = error;
          }
        } finally {
          proof.stop();
          clearTimeout(steady);
        }
        if (held.aborted) return;
        if (restart.signal.aborted) continue;
        tries += 1;
        // One lost connection is an everyday thing; only a second failure in a row is worth telling the member.
        if (tries > 1 && options.poll) polling.start();
        else if (!isTrouble(state.peek())) setState(tries > 1 ? "lost" : "connecting");
        await waitToRetry(platform, tries, failure, held).catch(() => undefined);
      }
    } finally {
      leading = false;
      polling.stop();
    }
  }

  try {
    say({ from: me, after: cursor });
    await withLease({ platform, storage, name: topic, signal }, lead);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unsubscribe();
  }
}

const isTrouble = (state: ConnectionState) => state === "lost" || state === "polling";
