import * as v from "valibot";
import type { Adapter, CallContext, Member } from "../core/contract/adapter.ts";
import { member as memberSchema } from "../protocol/data.ts";
import { hash } from "./hash.ts";
import type { SharedStore } from "./shared-store.ts";

/**
 * A guest's write that was running at one copy while another copy merged the guest into a member: it is merged when it
 * ends.
 */
export interface LateWrites {
  /** From now on this guest's writes belong to this member. */
  expect(guestId: string, member: Member): Promise<void>;
  /** This guest's session ended during a write. Merges again, if the guest was merged. */
  handOn(guestId: string, ctx: CallContext): Promise<void>;
}

/** Longer than any write lasts. */
const KEPT_MS = 3_600_000;

export function createLateWrites(store: SharedStore, adapter: Adapter): LateWrites {
  const keyOf = async (guestId: string) => `merged-to:${hash(guestId)}`;
  return {
    expect: async (guestId, member) => await store.set(await keyOf(guestId), JSON.stringify(member), KEPT_MS),
    async handOn(guestId, ctx) {
      const stored = v.safeParse(memberSchema, JSON.parse((await store.get(await keyOf(guestId))) ?? "null"));
      if (stored.success) await adapter.merge?.({ id: guestId, guest: true }, { ...ctx, member: stored.output });
    },
  };
}
