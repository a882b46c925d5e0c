import type { ReadonlySignal } from "@preact/signals-core";
import type { Adapter, CallContext, TicketContext } from "./contract/adapter.ts";
import type { TokenSource } from "./contract/token-source.ts";
import { deskClock } from "./delivery/desk-clock.ts";
import type { Storage } from "./delivery/storage.ts";
import type { TicketTexts } from "./tickets/ticket-text.ts";

/** Time, chance, network and storage reach the core through here, so that it runs anywhere and every test is its own world. */
export interface Platform {
  readonly storage: Storage;
  /** The language that the widget speaks now. */
  readonly locale: ReadonlySignal<string>;
  readonly online: ReadonlySignal<boolean>;
  /** Whether the member can see the widget: what nobody looks at has not been read. */
  readonly visible: ReadonlySignal<boolean>;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A picture without what it says of place, time and device; any other file as it is. Rejects when that can't be done. */
  clean(file: File): Promise<File>;
  /** What helps to find a fault on this page; undefined where the site has switched it off. */
  context(): TicketContext | undefined;
  readonly ticketTexts: TicketTexts;
  /** Makes the adapter of one person, or asks its server what it offers them. `tokens` are that person's alone. */
  connect(ctx: CallContext, tokens: TokenSource): Promise<Adapter>;
  /** For the site's developer, in the console: what is wrong, and how to mend it. */
  warn(message: string, cause: unknown): void;
}

export function callContext(platform: Platform, signal: AbortSignal): CallContext {
  return { signal, locale: platform.locale.peek(), onServerTime: (ms) => deskClock(platform).learn(ms) };
}
