import type { Adapter, CallContext } from "../contract/adapter.ts";
import { isRetryable } from "../contract/errors.ts";
import type { Platform } from "../platform.ts";
import { createCredentials, spent } from "./credentials.ts";
import { noteMerged } from "./merged-guests.ts";
import { signOutCount } from "./wipe.ts";
import { subjectOf } from "./subject.ts";
import { guestOf, type StoredToken, type TokenStore } from "./token-store.ts";

/**
 * `merged`: the guest's data belongs to the member now, or there was none. `left behind`: the desk can't do that, and a
 * running chat was ended, so that no agent waits in it; the member is to be told. `later`: it failed for now.
 */
export type Merging = "merged" | "not merged" | "left behind" | "later";

/**
 * Transfers a guest's data at the desk to the member that they turn out to be, if the desk can. `name`: the member's.
 */
export async function mergeGuest(
  platform: Platform,
  tokens: TokenStore,
  adapter: Adapter,
  name: string,
  stored: StoredToken | undefined,
  ctx: CallContext,
): Promise<Merging> {
  const guest = guestOf(stored);
  if (guest === undefined || !adapter.session) return "merged";
  try {
    let result: Merging = "merged";
    if (adapter.session.merge) {
      const before = await signOutCount(platform.storage);
      await adapter.session.merge(guest, ctx);
      if ((await signOutCount(platform.storage)) === before)
        await noteMerged(platform.storage, subjectOf(guest) ?? "", name);
    } else result = (await endGuestChat(platform, tokens, guest, ctx)) ? "left behind" : "not merged";
    await tokens.forgetGuest(guest);
    return result;
  } catch (error) {
    if (isRetryable(error)) return "later";
    // The guest's token has expired: their data can't be found any more.
    await tokens.forgetGuest(guest);
    return "not merged";
  }
}

async function endGuestChat(platform: Platform, tokens: TokenStore, guest: string, ctx: CallContext): Promise<boolean> {
  const { chat } = await platform.connect(ctx, createCredentials(platform, tokens, guest, ctx.signal, spent));
  const running = await chat?.current?.(ctx);
  if (!running) return false;
  await chat?.close?.(running.id, ctx);
  return true;
}
