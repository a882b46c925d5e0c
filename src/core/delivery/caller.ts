import type { ReadonlySignal } from "@preact/signals-core";

/** The subject of the current token, as the token itself says. */
export interface Caller {
  readonly subject: ReadonlySignal<string | undefined>;
  /** Includes a guest started by another tab, before this tab was notified. */
  findSubject(): Promise<string | undefined>;
}
