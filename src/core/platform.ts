import type { ReadonlySignal } from "@preact/signals-core";
import type { Adapter, CallContext, TicketContext } from "./contract/adapter.ts";
import type { Storage } from "./delivery/storage.ts";

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
  /** Makes the adapter, or asks its server what it offers. */
  connect(ctx: CallContext): Promise<Adapter>;
}

/** What a model of one member works with. */
export interface Scope {
  readonly platform: Platform;
  readonly adapter: Adapter;
  /** This member's part of the storage. */
  readonly storage: Storage;
}

export function callContext(platform: Platform, signal: AbortSignal): CallContext {
  return { signal, locale: platform.locale.peek() };
}
