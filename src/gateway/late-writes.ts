import * as v from "valibot";
import type { Adapter, CallContext, Member } from "../core/contract/adapter.ts";
import { member as memberSchema } from "../protocol/data.ts";
import { hash } from "./hash.ts";
import type { SharedStore } from "./shared-store.ts";

/**
 * What a guest was writing at one copy of the gateway while another copy gave what they had begun to a member: it goes over
 * as soon as it is done.
 */
export interface LateWrites {
  /** From now on what this guest writes is this member's. */
  expect(guestId: string, member: Member): Promise<void>;
  /** This guest's session ended while they wrote. Merges once more, if it went over to somebody. */
  handOn(guestId: string, ctx: CallContext): Promise<void>;
}

/** Longer than any write lasts. */
const KEPT_MS = 3_600_000;

export function createLateWrites(store: SharedStore, adapter: Adapter): LateWrites {
  const keyOf = async (guestId: string) => `merged-to:${await hash(guestId)}`;
  return {
    expect: async (guestId, member) => await store.set(await keyOf(guestId), JSON.stringify(member), KEPT_MS),
    async handOn(guestId, ctx) {
      const stored = v.safeParse(memberSchema, JSON.parse((await store.get(await keyOf(guestId))) ?? "null"));
      if (stored.success) await adapter.merge?.({ id: guestId, guest: true }, { ...ctx, member: stored.output });
    },
  };
}
