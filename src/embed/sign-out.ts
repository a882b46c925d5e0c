import type { Storage } from "../core/delivery/storage.ts";
import { createTokenStore } from "../core/identity/token-store.ts";
import { wipe } from "../core/identity/wipe.ts";
import { keys, recallFor, rememberFor } from "../loader/remembered.ts";

/**
 * The site has signed its member out before the app was loaded: the data is wiped before anything is read. Returns the
 * token to revoke at the gateway.
 */
export async function finishSignOut(storage: Storage): Promise<string | undefined> {
  if (!recallFor("signOut")) return undefined;
  const stored = await createTokenStore(storage).read();
  await wipe(storage);
  rememberFor("signOut", undefined);
  return stored?.token;
}

/** Another tab, which has no app yet, was told to sign out. */
export function onSignOutElsewhere(signOut: () => void, signal: AbortSignal): void {
  const listener = ({ key, newValue }: StorageEvent) => {
    if (key === keys.signOut && newValue !== null) signOut();
  };
  window.addEventListener("storage", listener, { signal });
}
