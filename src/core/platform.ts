import type { ReadonlySignal } from "@preact/signals-core";
import type { Adapter, CallContext, TicketContext } from "./contract/adapter.ts";
import type { TokenSource } from "./contract/token-source.ts";
import { deskClock } from "./delivery/desk-clock.ts";
import type { Storage } from "./delivery/storage.ts";
import type { TicketTexts } from "./tickets/ticket-text.ts";

/**
 * The core accesses time, randomness, network and storage only through this, so that it runs anywhere and every test is
 * isolated.
 */
export interface Platform {
  readonly storage: Storage;
  /** The widget's current language. */
  readonly locale: ReadonlySignal<string>;
  readonly online: ReadonlySignal<boolean>;
  /** Whether the member can see the widget: unseen messages are not marked as read. */
  readonly visible: ReadonlySignal<boolean>;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A picture without place, time and device; any other file unchanged. Rejects if that can't be done. */
  clean(file: File): Promise<File>;
  /** Context that helps to find a fault on this page; undefined if the site has disabled it. */
  context(): TicketContext | undefined;
  readonly ticketTexts: TicketTexts;
  /** Creates the adapter of one person, or asks its server for its capabilities. `tokens` are only for that person. */
  connect(ctx: CallContext, tokens: TokenSource): Promise<Adapter>;
  /**
   * The adapter of `connect` from an earlier page, without asking the server. `answer`: its `session.answer`. Undefined
   * if it can't be created. Absent: each page waits for the server.
   */
  recall?(answer: unknown, tokens: TokenSource): Adapter | undefined;
  /** For the site's developer, in the console: the fault, and how to fix it. */
  warn(message: string, cause: unknown): void;
}

export function callContext(platform: Platform, signal: AbortSignal): CallContext {
  return { signal, locale: platform.locale.peek(), onServerTime: (ms) => deskClock(platform).learn(ms) };
}
