import { mkdir } from "node:fs/promises";
import { FileStore } from "@tus/file-store";
import type { Adapter, Erasure, Member } from "../core/contract/adapter.ts";
import { hasFeed } from "./feed/feed-adapter.ts";
import { unreadKey } from "./feed/unread.ts";
import { createRevocations, REVOKED_FOR_MS, SECOND_MS } from "./revocations.ts";
import type { SharedStore } from "./shared-store.ts";

export interface ForgetOptions {
  /** Shared by all copies. Absent: each copy has its own memory, which no other process can reach. */
  readonly store: SharedStore | undefined;
  /** The directory of unfinished uploads. */
  readonly uploads: string | undefined;
  /** The desk: if its adapter has `changes`, the store keeps each member's events. */
  readonly adapter?: Adapter;
  /** Absent or false: only lists what would be erased. */
  readonly remove?: boolean;
}

/** The data that the gateway itself has about a member: what is erased, and what expires. */
export async function* forgetAtGateway(member: Member, options: ForgetOptions): AsyncIterable<Erasure> {
  const { adapter, remove = false, store, uploads } = options;
  yield await endSignIns(member, store, remove);
  if (adapter !== undefined && store !== undefined) yield* eraseLog(member, adapter, store, remove);
  if (uploads !== undefined) yield* eraseUploads(member, uploads, remove);
  yield {
    outcome: "kept",
    text: "Keys of writes (a day) and rate limits (minutes) contain no text and cannot be found by name: they expire. If the member was a guest before, the store has their name and address for an hour, and their id for 31 days.",
  };
}

/** The changes of their tickets, with the text of messages, which expire after a week. */
async function* eraseLog(
  member: Member,
  adapter: Adapter,
  store: SharedStore,
  remove: boolean,
): AsyncIterable<Erasure> {
  if (!hasFeed(adapter)) return;
  const { name, people } = adapter;
  let key: string;
  try {
    key = people.key(member);
  } catch {
    // No stream can belong to them.
    return;
  }
  const count = await store.feeds.forget(name, key, remove);
  if (remove) await store.delete(unreadKey(name, key));
  if (count > 0) yield { outcome: "erased", text: `Stored changes of their tickets for their widget: ${count}.` };
}

async function endSignIns(member: Member, store: SharedStore | undefined, remove: boolean): Promise<Erasure> {
  if (store === undefined) {
    return {
      outcome: "kept",
      text: "Sign-ins: without `redis` each copy keeps sign-outs in its own memory, so nobody can be signed out from here.",
      fix: "Disable the member's account at the site and the desk: the site's tokens expire when the site says, the gateway's within 12 hours (a guest's within 30 days).",
    };
  }
  if (remove) {
    const revocations = createRevocations(store);
    // Includes tokens issued within this second.
    const at = Date.now() + SECOND_MS;
    for (const by of ["site", "gateway"] as const) {
      // oxlint-disable-next-line no-await-in-loop -- two
      await revocations.revokeUntil(member.id, { by, at }, REVOKED_FOR_MS);
    }
    revocations.dispose();
  }
  return { outcome: "erased", text: "Sign-ins: every token issued so far, at every copy; open streams end." };
}

async function* eraseUploads({ id: memberId }: Member, directory: string, remove: boolean): AsyncIterable<Erasure> {
  // The store creates it too, but does not wait for that.
  await mkdir(directory, { recursive: true });
  const files = new FileStore({ directory });
  const all = (await files.configstore.list?.()) ?? [];
  const owners = await Promise.all(
    all.map(async (id) => [id, (await files.getUpload(id).catch(() => undefined))?.metadata?.owner] as const),
  );
  const own = owners.flatMap(([id, owner]) => (owner === memberId ? [id] : []));
  // An upload may be passed on, or deleted, at the same moment.
  if (remove) await Promise.all(own.map(async (id) => await files.remove(id).catch(() => undefined)));
  if (own.length > 0) yield { outcome: "erased", text: `Unfinished uploads: ${own.length}.` };
}
