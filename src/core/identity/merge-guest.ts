import type { Adapter, CallContext } from "../contract/adapter.ts";
import { isRetryable } from "../contract/errors.ts";
import type { Platform } from "../platform.ts";
import { createCredentials } from "./credentials.ts";
import { guestOf, type StoredToken, type TokenStore } from "./token-store.ts";

/**
 * Lets what a guest began at the desk go over to the member that they turn out to be. Where the desk can't, a chat that
 * runs is ended, so that no agent waits in it, and the result is true: the member is to be told.
 */
export async function mergeGuest(
  platform: Platform,
  tokens: TokenStore,
  adapter: Adapter,
  stored: StoredToken | undefined,
  ctx: CallContext,
): Promise<boolean> {
  const guest = guestOf(stored);
  if (guest === undefined || !adapter.session) return false;
  try {
    let isLeftBehind = false;
    if (adapter.session.merge) await adapter.session.merge(guest, ctx);
    else isLeftBehind = await endGuestChat(platform, tokens, guest, ctx);
    await tokens.forgetGuest(guest);
    return isLeftBehind;
  } catch (error) {
    // What failed for now is tried again with the next page; what is refused has nothing to be merged.
    if (!isRetryable(error)) await tokens.forgetGuest(guest);
    return false;
  }
}

async function endGuestChat(platform: Platform, tokens: TokenStore, guest: string, ctx: CallContext): Promise<boolean> {
  const nobody = { renew: async () => undefined, onOther: () => undefined, onRefused: () => undefined };
  const { chat } = await platform.connect(ctx, createCredentials(platform, tokens, guest, ctx.signal, nobody));
  const running = await chat?.current?.(ctx);
  if (!running) return false;
  await chat?.close?.(running.id, ctx);
  return true;
}
