import type { Signal } from "@preact/signals-core";
import type { StreamContext } from "../contract/adapter.ts";
import { clientId } from "./client-id.ts";
import { isAdapterError } from "../contract/errors.ts";
import { callContext, type Platform } from "../platform.ts";
import { waitToRetry } from "./retry.ts";
import type { Storage } from "./storage.ts";

export type ConnectionState = "connecting" | "live" | "lost";

export interface ConnectionOptions<Event extends { readonly cursor?: string }> {
  readonly platform: Platform;
  /** The member's part: all tabs of theirs share one stream of this name. */
  readonly storage: Storage;
  readonly name: string;
  readonly signal: AbortSignal;
  readonly state: Signal<ConnectionState>;
  /** Where to start; every later attempt goes on from the last cursor seen. */
  readonly cursor?: string | undefined;
  /** Without a cursor the stream begins with everything that there was, not with what comes. */
  readonly fromStart?: boolean;
  open(cursor: string | undefined, ctx: StreamContext): AsyncIterable<Event>;
  onEvent(event: Event): void;
  /** It stands again after it was lost. */
  onReconnected?(): void;
}

/** What the tab with the stream tells the others, and what one that has just come asks it. */
type Word<Event> =
  | { readonly event: Event; readonly to?: string }
  | { readonly state: ConnectionState }
  | { readonly alive: true }
  | { readonly from: string; readonly after: string | undefined };

/** A phone puts a tab to sleep with its lock in its hand. Who hears nothing of it for so long takes the lock away. */
const aliveMs = 10_000;
const silenceMs = 25_000;
/** The tab that is awake answers at once to one that comes. */
const answerMs = 5_000;

/** As many events as a tab may have missed between reading what there was and listening. */
const kept = 200;

/**
 * Keeps one stream of events alive until `signal` aborts: one for all tabs of the member. The tab that has it tells the
 * others what comes; when it is closed another one goes on from the last cursor that it has heard of. Gives up only on an
 * answer that no later try would change (not allowed, not there); then it rejects with that error.
 */
export async function keepConnected<Event extends { readonly cursor?: string }>(
  options: ConnectionOptions<Event>,
): Promise<void> {
  const { platform, storage, signal, state } = options;
  const topic = `stream/${options.name}`;
  const me = clientId();
  const recent: Event[] = [];
  let { cursor } = options;
  let leading = false;
  let heard = false;

  const say = (word: Word<Event>) => storage.publish(topic, word);
  function setState(now: ConnectionState) {
    state.value = now;
    say({ state: now });
  }
  function take(event: Event) {
    cursor = event.cursor ?? cursor;
    options.onEvent(event);
  }
  /** A tab that has come to listen knows everything up to a cursor: what came after it is told once more, to it alone. */
  function catchUp(to: string, after: string | undefined) {
    say({ state: state.peek() });
    const known = after === undefined ? 0 : recent.findIndex((event) => event.cursor === after) + 1;
    const isAsked = after === undefined ? options.fromStart : known > 0;
    for (const event of isAsked ? recent.slice(known) : []) say({ event, to });
  }
  const stopHearing = storage.subscribe(topic, (said) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `say` above has said
    const word = said as Word<Event>;
    if (signal.aborted) return;
    if (!("from" in word)) heard = true;
    if (leading) {
      if ("from" in word) catchUp(word.from, word.after);
    } else if ("event" in word) {
      if (word.to === undefined || word.to === me) take(word.event);
    } else if ("state" in word) {
      if (word.state === "live" && state.peek() === "lost") options.onReconnected?.();
      state.value = word.state;
    }
  });

  function refused(error: unknown) {
    if (!isAdapterError(error)) return;
    if (error.code === "forbidden" || error.code === "not-found") throw error;
    if (error.code !== "invalid") return;
    // The desk no longer knows the cursor: from here on, and what was missed is read again.
    cursor = undefined;
    recent.length = 0;
  }

  async function lead(lost: AbortSignal) {
    leading = true;
    let tries = 0;
    const stop = AbortSignal.any([signal, lost]);
    function onConnected() {
      if (tries > 0) options.onReconnected?.();
      tries = 0;
      if (state.peek() !== "live") setState("live");
    }
    while (!stop.aborted) {
      let failure: unknown;
      try {
        for await (const event of options.open(cursor, { ...callContext(platform, stop), onConnected })) {
          // What was on its way when it was stopped is nobody's any more.
          if (stop.aborted) return;
          onConnected();
          take(event);
          recent.push(event);
          if (recent.length > kept) recent.shift();
          say({ event });
        }
      } catch (error) {
        if (stop.aborted) return;
        refused(error);
        failure = error;
      }
      if (stop.aborted) return;
      tries += 1;
      // One lost connection is an everyday thing; only a second failure in a row is worth telling the member.
      setState(tries > 1 ? "lost" : "connecting");
      try {
        await waitToRetry(platform, tries, failure, stop);
      } catch {
        return;
      }
    }
  }

  const ask = () => say({ from: me, after: cursor });

  /** Waits for the stream, or takes it from a tab that has fallen asleep; gives it up when another one does the same. */
  async function takeTurns() {
    let steal = false;
    while (!signal.aborted) {
      const lost = new AbortController();
      const silent = new AbortController();
      const timer = watchSilence(() => silent.abort());
      ask();
      try {
        // oxlint-disable-next-line no-await-in-loop -- one turn after the other
        return await storage.withLock(
          topic,
          AbortSignal.any([signal, silent.signal]),
          () => {
            clearInterval(timer);
            return lead(lost.signal);
          },
          steal,
        );
      } catch (error) {
        if (signal.aborted || isAdapterError(error)) throw error;
        steal = silent.signal.aborted;
      } finally {
        clearInterval(timer);
        lost.abort();
        leading = false;
      }
    }
    return undefined;
  }

  function watchSilence(onSilence: () => void): ReturnType<typeof setInterval> {
    let quietMs = silenceMs - answerMs;
    let before = platform.now();
    heard = false;
    return setInterval(() => {
      // Asleep it has heard nothing.
      if (platform.now() - before > silenceMs) ask();
      before = platform.now();
      quietMs = heard ? 0 : quietMs + answerMs;
      heard = false;
      if (quietMs >= silenceMs) onSilence();
    }, answerMs);
  }

  const alive = setInterval(() => leading && say({ alive: true }), aliveMs);
  try {
    await takeTurns();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(alive);
    stopHearing();
  }
}
