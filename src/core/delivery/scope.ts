import type { Adapter } from "../contract/adapter.ts";
import type { Platform } from "../platform.ts";
import type { Caller } from "./caller.ts";
import { type PersonalStorage, scopedStorage } from "./personal-storage.ts";
import type { Storage } from "./storage.ts";
import { createUploads, type Uploads } from "./uploads.ts";

/** The context of one person's models. */
export interface Scope {
  readonly platform: Platform;
  readonly adapter: Adapter;
  /** This person's part of the storage. */
  readonly storage: Storage;
  readonly uploads: Uploads;
  readonly caller: Caller;
  /** Aborts when this person has left: then none of their data is sent or shown any more. */
  readonly left: AbortSignal;
}

export interface ScopeSignals {
  /** The person has left. Their text is still stored for their next visit. */
  readonly left: AbortSignal;
  /** Their storage is wiped, or belongs to another person now. */
  readonly revoked: AbortSignal;
}

/** `name` is the part of the storage: "guest", or "member:<id>". */
export function createScope(
  platform: Platform,
  adapter: Adapter,
  name: string,
  caller: Caller,
  { left, revoked }: ScopeSignals,
): Scope & { readonly storage: PersonalStorage } {
  const storage = scopedStorage(platform.storage, name, revoked);
  return {
    platform,
    adapter,
    storage,
    caller,
    left,
    uploads: createUploads({ platform, adapter, storage, caller, left }),
  };
}
