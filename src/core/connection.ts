import type { Signal } from "@preact/signals-core";
import { isAdapterError } from "./errors.ts";
import type { Platform } from "./platform.ts";
import { waitToRetry } from "./retry.ts";

export type ConnectionState = "connecting" | "live" | "lost";

export interface ConnectionOptions<Event extends { readonly cursor?: string }> {
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly state: Signal<ConnectionState>;
  /** Where to start; every later attempt goes on from the last cursor seen. */
  readonly cursor?: string | undefined;
  open(cursor: string | undefined, signal: AbortSignal): AsyncIterable<Event>;
  onEvent(event: Event): void;
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
  while (!signal.aborted) {
    let failure: unknown;
    try {
      for await (const event of options.open(cursor, signal)) {
        tries = 0;
        state.value = "live";
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
