import type { ReadonlySignal } from "@preact/signals-core";

/** Whom the token is about that calls go out with now, as it says itself. */
export interface Caller {
  readonly subject: ReadonlySignal<string | undefined>;
  /** Also of the guest whom another tab has begun, before this tab has heard of it. */
  findSubject(): Promise<string | undefined>;
}
