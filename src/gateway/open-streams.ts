import { HEARTBEAT_MS } from "../protocol/limits.ts";
import { STREAMS_PER_MEMBER } from "./bounds.ts";
import { Problem } from "./problems.ts";

/** The event streams of each member at this copy of the gateway. */
export interface OpenStreams {
  /**
   * Counts one more. Returns a function that releases it, once. Throws 429 if the member already has
   * `STREAMS_PER_MEMBER`.
   */
  open(memberId: string): () => void;
}

export function createOpenStreams(): OpenStreams {
  const counts = new Map<string, number>();
  return {
    open(memberId) {
      const count = counts.get(memberId) ?? 0;
      if (count >= STREAMS_PER_MEMBER) {
        throw new Problem("rate-limited", `a member may have ${STREAMS_PER_MEMBER} event streams: close another`, {
          retryAfterMs: HEARTBEAT_MS,
        });
      }
      counts.set(memberId, count + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const left = (counts.get(memberId) ?? 1) - 1;
        if (left === 0) counts.delete(memberId);
        else counts.set(memberId, left);
      };
    },
  };
}
