import type { Adapter, Erasure } from "../../core/contract/adapter.ts";
import { counted } from "../../adapter/index.ts";
import { openAt } from "./bodies.ts";
import type { Desk } from "./desk.ts";
import { sentEntry } from "./entry.ts";
import { isMissingFolder } from "./faults.ts";
import { recordHeader } from "./record.ts";
import type { Place } from "./thread.ts";

/** Erases the mailbox and the files that wait for it. Mails that the desk received stay there. */
export function createErase(desk: Desk): NonNullable<Adapter["erase"]> {
  const { settings, seal, link, index, sync } = desk;

  async function removeAll(places: readonly Place[], signal: AbortSignal): Promise<void> {
    // The mails that identify a thread's owner are deleted last, so that an interrupted run can continue.
    for (const folder of [...settings.inbox, settings.folder]) {
      const [first, ...others] = places.filter((place) => place.folder === folder);
      if (first === undefined) continue;
      const uids = [first, ...others].map(({ uid }) => uid).join(",");
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await link.write(signal, async (client) => {
        if (!(await openAt(client, first, false))) throw new Error(`the folder "${folder}" has changed: try again`);
        await client.messageDelete(uids, { uid: true });
      });
    }
  }

  /** Copies of which it is unknown whether they were sent. */
  async function leftInOutbox(owners: readonly string[], remove: boolean, signal: AbortSignal): Promise<number> {
    const work = link.write(signal, async (client) => {
      const { exists } = await client.mailboxOpen(settings.outbox, { readOnly: !remove });
      if (exists === 0) return 0;
      const query = { uid: true, headers: [recordHeader] };
      const uids = (await client.fetchAll("1:*", query, { uid: true })).flatMap(
        ({ uid, headers = Buffer.alloc(0) }) => {
          const owner = sentEntry({ headers, internalDate: new Date(0), size: 0 }, seal)?.record?.owner;
          return owner !== undefined && owners.includes(owner) ? [uid] : [];
        },
      );
      if (remove && uids.length > 0) await client.messageDelete(uids.join(","), { uid: true });
      return uids.length;
    });
    return await work.catch((error: unknown) => {
      if (isMissingFolder(error)) return 0;
      throw error;
    });
  }

  return async function* erase({ id }, { remove = false, signal }): AsyncIterable<Erasure> {
    signal.throwIfAborted();
    const owners = seal.owners(id);
    await sync.run(signal);
    const threads = index.threadsOf(owners);
    const places = threads.flatMap(({ steps }) => steps.map(({ place }) => place));
    if (remove) await removeAll(places, signal);
    const left = await leftInOutbox(owners, remove, signal);
    const held = (await settings.files?.erase?.(id, remove)) ?? 0;
    if (remove) await sync.run(signal);

    if (left > 0) yield { outcome: "erased", text: `Copies in "${settings.outbox}": ${left}.` };
    if (held > 0) yield { outcome: "erased", text: `Files that wait for their mail: ${held}.` };
    if (threads.length === 0) return;
    const numbers = threads.map((thread) => `#${thread.id.toUpperCase()}`);
    yield { outcome: "erased", text: `${places.length} mails in the mailbox.` };
    yield {
      outcome: "kept",
      text: `${counted(numbers, "ticket")}, which ${settings.desk} received by mail.`,
      fix: "Erase them at the desk: their numbers are in the subjects.",
    };
  };
}
