import type { Adapter } from "../contract/adapter.ts";
import type { Platform } from "../platform.ts";
import { scopedStorage, type Storage } from "./storage.ts";
import { createUploads, type Uploads } from "./uploads.ts";

/** What the models of one person work with. */
export interface Scope {
  readonly platform: Platform;
  readonly adapter: Adapter;
  /** This person's part of the storage. */
  readonly storage: Storage;
  readonly uploads: Uploads;
  /** Aborts when this person has left: then nothing more of theirs is sent, stored or shown. */
  readonly left: AbortSignal;
}

/** `name` is the part of the storage: "guest", or "member:<id>". */
export function createScope(platform: Platform, adapter: Adapter, name: string, left: AbortSignal): Scope {
  const storage = scopedStorage(platform.storage, name, left);
  return { platform, adapter, storage, left, uploads: createUploads({ platform, adapter, storage, left }) };
}
