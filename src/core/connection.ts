import type { Signal } from "@preact/signals-core";
import type { StreamContext } from "./adapter.ts";
import { isAdapterError } from "./errors.ts";
import { callContext, type Platform } from "./platform.ts";
import { waitToRetry } from "./retry.ts";

export type ConnectionState = "connecting" | "live" | "lost";

export interface ConnectionOptions<Event extends { readonly cursor?: string }> {
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly state: Signal<ConnectionState>;
  /** Where to start; every later attempt goes on from the last cursor seen. */
  readonly cursor?: string | undefined;
  open(cursor: string | undefined, ctx: StreamContext): AsyncIterable<Event>;
  onEvent(event: Event): void;
  /** It stands again after it was lost. */
  onReconnected?(): void;
}

/**
 * Keeps one stream of events alive until `signal` aborts. Gives up only on an answer that no later try would change
 * (not allowed, not there); then it rejects with that error.
 */
export async function keepConnected<Event extends { readonly cursor?: string }>(
  options: ConnectionOptions<Event>,
): Promise<void> {
  const { platform, signal, state } = options;
  let cursor = options.cursor;
  let tries = 0;
  function onConnected() {
    if (tries > 0) options.onReconnected?.();
    tries = 0;
    state.value = "live";
  }
  while (!signal.aborted) {
    let failure: unknown;
    try {
      for await (const event of options.open(cursor, { ...callContext(platform, signal), onConnected })) {
        // What was on its way when it was stopped is nobody's any more.
        if (signal.aborted) return;
        onConnected();
        cursor = event.cursor ?? cursor;
        options.onEvent(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isAdapterError(error) && (error.code === "forbidden" || error.code === "not-found")) throw error;
      failure = error;
    }
    if (signal.aborted) return;
    tries += 1;
    // One lost connection is an everyday thing; only a second failure in a row is worth telling the member.
    state.value = tries > 1 ? "lost" : "connecting";
    try {
      await waitToRetry(platform, tries, failure, signal);
    } catch {
      return;
    }
  }
}
