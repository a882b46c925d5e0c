import { FileStore } from "@tus/file-store";
import type { Erasure, Member } from "../core/contract/adapter.ts";
import { createRevocations, REVOKED_FOR_MS, SECOND_MS } from "./revocations.ts";
import type { SharedStore } from "./shared-store.ts";

export interface ForgetOptions {
  /** Shared by all copies. Absent: each copy has a memory of its own, which no other process reaches. */
  readonly store: SharedStore | undefined;
  /** The directory of uploads that are not finished. */
  readonly uploads: string | undefined;
  /** Absent or false: it is only told what would be erased. */
  readonly remove?: boolean;
}

/** What the gateway itself holds of a member: what is erased, and what goes by itself. */
export async function* forgetAtGateway(member: Member, options: ForgetOptions): AsyncIterable<Erasure> {
  const { remove = false, store, uploads } = options;
  yield await endSignIns(member, store, remove);
  if (uploads !== undefined) yield* eraseUploads(member, uploads, remove);
  yield {
    outcome: "kept",
    text: "Keys of writes (a day) and rate limits (minutes) hold no words, and are found by no name: they go by themselves. A member whose guest session went over to them stands in the store by name and address for an hour, by id for 31 days.",
  };
}

async function endSignIns(member: Member, store: SharedStore | undefined, remove: boolean): Promise<Erasure> {
  if (store === undefined) {
    return {
      outcome: "kept",
      text: "Sign-ins: without `redis` a copy keeps sign-outs in its own memory, where nobody can be signed out from here.",
      fix: "Lock the member out at the site and the desk: the site's tokens end when it says, the gateway's within 12 hours (a guest's within 30 days).",
    };
  }
  if (remove) {
    const revocations = createRevocations(store);
    // What is issued in this second too.
    const at = Date.now() + SECOND_MS;
    for (const by of ["site", "gateway"] as const) {
      // oxlint-disable-next-line no-await-in-loop -- two
      await revocations.revokeUntil(member.id, { by, at }, REVOKED_FOR_MS);
    }
    revocations.dispose();
  }
  return { outcome: "erased", text: "Sign-ins: every token until now, at every copy; open streams end." };
}

async function* eraseUploads({ id: memberId }: Member, directory: string, remove: boolean): AsyncIterable<Erasure> {
  const files = new FileStore({ directory });
  const all = (await files.configstore.list?.()) ?? [];
  const owners = await Promise.all(
    all.map(async (id) => [id, (await files.getUpload(id).catch(() => undefined))?.metadata?.owner] as const),
  );
  const own = owners.flatMap(([id, owner]) => (owner === memberId ? [id] : []));
  // One may be handed on, or dropped, at the same moment.
  if (remove) await Promise.all(own.map(async (id) => await files.remove(id).catch(() => undefined)));
  if (own.length > 0) yield { outcome: "erased", text: `Uploads that are not finished: ${own.length}.` };
}
