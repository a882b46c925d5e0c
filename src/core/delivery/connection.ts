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

/** `lost`: no connection. `polling`: no stream works, but plain requests do, so news arrives a little later. */
export type ConnectionState = "connecting" | "live" | "polling" | "lost";

export interface ConnectionOptions<Event extends { readonly cursor?: string }> {
  readonly platform: Platform;
  /** The person's part of the storage: all tabs share one stream of this name. */
  readonly storage: Storage;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly state: Signal<ConnectionState>;
  /** Where to start; every later attempt resumes from the last cursor seen. */
  readonly cursor?: string | undefined;
  /** Without a cursor the stream starts with all past events, not with new ones. */
  readonly fromStart?: boolean;
  open(cursor: string | undefined, ctx: StreamContext): AsyncIterable<Event>;
  onEvent(event: Event): void;
  /** The stream started without a cursor: changes between the last read and its start have to be read again. */
  onGap?(): void;
  /** Reads news by plain requests, while no stream works. */
  poll?(): Promise<void>;
}

/** Messages of the tab with the stream to the others, and of a new tab to it. */
type Word<Event> =
  | { readonly event: Event; readonly to?: string }
  | { readonly state: ConnectionState }
  | { readonly poll: true }
  /** One tab or all may have missed events: the data is read again. */
  | { readonly gap: true; readonly to?: string }
  | { readonly from: string; readonly after: string | undefined };

/** A stream that is cut sooner is reopened with increasing delays, even if it delivered something each time. */
const steadyMs = 10_000;

/**
 * Keeps one event stream alive until `signal` aborts: one for all tabs of the person. The tab with the stream passes
 * events to the others; when it is closed another one resumes from the last cursor it received. A stream that is
 * accepted and then buffered or cut is replaced by `poll` until one works. Gives up only on an error that retrying
 * would not change (forbidden, not found); then it rejects with that error.
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
  /** Ends the running attempt: the next one starts at `cursor`. */
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

  /** A new tab knows everything up to a cursor: later events are repeated, only to that tab. */
  function catchUp(to: string, after: string | undefined) {
    say({ state: state.peek() });
    if (after === undefined && !fromStart) return;
    const missed = recent.after(after);
    if (missed) for (const event of missed) say({ event, to });
    else if (fromStart) {
      // Every tab skips events that it knows.
      cursor = after;
      recent.startAt(after, fromStart);
      restart.abort();
    } else say({ gap: true, to });
  }
  const unsubscribe = storage.subscribe(topic, (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `say` above has sent
    const word = message as Word<Event>;
    if (signal.aborted) return;
    if (!leading) follow(word);
    else if ("from" in word) catchUp(word.from, word.after);
  });

  /** Messages of the tab with the stream. */
  function follow(word: Word<Event>) {
    if ("to" in word && word.to !== me) return;
    if ("event" in word) take(word.event);
    if ("poll" in word) void poll().catch(() => undefined);
    if ("gap" in word) options.onGap?.();
    if ("state" in word) state.value = word.state;
  }

  function refused(error: unknown) {
    if (!isAdapterError(error)) return;
    if (error.code === "forbidden" || error.code === "not-found") throw error;
    if (error.code !== "invalid" && error.code !== "stale-cursor") return;
    // The desk no longer knows the cursor: start from now, and read the missed data again.
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
        let isWhole = cursor !== undefined || fromStart;
        const listening = () => {
          if (isWhole) return;
          isWhole = true;
          say({ gap: true });
          options.onGap?.();
        };
        const proof = createProof({
          onProven() {
            polling.stop();
            steady = setTimeout(() => (tries = 0), steadyMs);
            setState("live");
            listening();
          },
          onDoubt: () => options.poll && polling.start(),
        });
        try {
          const stop = AbortSignal.any([held, restart.signal]);
          const ctx = {
            ...callContext(platform, stop),
            onConnected: () => proof.connected(),
            onPosition(at: string) {
              cursor ??= at;
              recent.startAt(cursor, fromStart);
              listening();
            },
          };
          for await (const event of options.open(cursor, ctx)) {
            // Events still in transit when it was stopped are dropped.
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
        // A single lost connection is normal: only show the notice after a second failure in a row.
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
