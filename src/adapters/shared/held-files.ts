import type { Attachment } from "../../core/contract/adapter.ts";

/**
 * Where a member's files stand between their upload and the ticket that they are for, at a desk that takes files only
 * together with a ticket. `filesIn(directory)` of the gateway is one; copies of a gateway share it.
 */
export interface HeldFiles {
  /** Kept once it resolves. The id is the same for the same owner and `clientId`. Rejects with `unavailable` when there is no room. */
  hold(file: File, ownerId: string, clientId: string | undefined, signal: AbortSignal): Promise<Attachment>;
  /** Undefined for what is not this owner's, is unknown, or was let go of. */
  find(id: string, ownerId: string): Promise<File | undefined>;
  /** The desk has it now. */
  release(id: string, ownerId: string): Promise<void>;
  /** How many there are of this owner's. With `remove` they are gone afterwards. */
  erase?(ownerId: string, remove: boolean): Promise<number>;
}
