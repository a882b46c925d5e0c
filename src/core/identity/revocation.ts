import type { Adapter, CallContext } from "../contract/adapter.ts";
import { isRetryable } from "../contract/errors.ts";
import { waitToRetry } from "../delivery/retry.ts";
import type { Platform } from "../platform.ts";
import { createCredentials, spent } from "./credentials.ts";
import type { TokenStore } from "./token-store.ts";

const triesAtMost = 8;

/**
 * Tells the gateway that a sign-in has ended, and retries while it can't be reached. A sign-in that the gateway is
 * never told about expires. `known`: the adapter of the person who signed out, if there is one.
 */
export async function revokeToken(
  platform: Platform,
  tokens: TokenStore,
  known: Adapter | undefined,
  token: string | undefined,
  ctx: CallContext,
): Promise<void> {
  if (token === undefined && !known) return;
  for (let tries = 1; tries <= triesAtMost && !ctx.signal.aborted; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      const adapter =
        known ?? (await platform.connect(ctx, createCredentials(platform, tokens, token, ctx.signal, spent)));
      // oxlint-disable-next-line no-await-in-loop
      return await adapter.session?.signOut(ctx);
    } catch (error) {
      if (!isRetryable(error)) return;
      // oxlint-disable-next-line no-await-in-loop -- the back-off
      await waitToRetry(platform, tries, error, ctx.signal).catch(() => undefined);
    }
  }
}
