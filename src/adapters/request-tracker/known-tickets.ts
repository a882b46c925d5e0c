import * as v from "valibot";
import { createGather, eachChunk } from "../shared/gather.ts";
import { PAGE } from "./changes.ts";
import { lastChangedFirst, pathOf, type Desk } from "./desk.ts";
import { addressed, listOf, reference } from "./schemas.ts";
import { anyOf, quoted } from "./sql.ts";

/** A query names so many members at most. */
const MEMBERS = 25;
/** With more tickets than these pages hold, members are asked for in smaller groups. */
const PAGES = 4;
const owned = v.object({ ...reference.entries, Requestor: v.array(addressed) });

/** The ids of a member's tickets that changed last, at most 100, the last one last: for all who ask in the same moment together. */
export function createKnownTickets(desk: Desk): (email: string, signal: AbortSignal) => Promise<readonly string[]> {
  async function load(emails: readonly string[], known: Map<string, string[]>): Promise<void> {
    const query = `Queue = ${quoted(desk.settings.queue)} AND ${anyOf(emails.map(requestor))}`;
    const pages = emails.length === 1 ? 1 : PAGES;
    const found: v.InferOutput<typeof owned>[] = [];
    for (let page = 1; page <= pages; page += 1) {
      const path = pathOf("/tickets", [
        ["query", query],
        ["per_page", PAGE],
        ["page", page],
        ["fields", "Requestor"],
        ["fields[Requestor]", "id,EmailAddress"],
        ...lastChangedFirst,
      ]);
      // oxlint-disable-next-line no-await-in-loop -- RT may not say how many there are
      const { items } = await desk.client.json({ path }, listOf(owned), desk.closed);
      found.push(...items);
      if (items.length < PAGE) break;
    }
    if (found.length === pages * PAGE && emails.length > 1) {
      const half = Math.ceil(emails.length / 2);
      await load(emails.slice(0, half), known);
      await load(emails.slice(half), known);
      return;
    }
    for (const { id, Requestor } of found.toReversed()) {
      const own = Requestor.map(({ EmailAddress }) => EmailAddress.toLowerCase());
      for (const email of emails) if (own.includes(email)) known.set(email, [...(known.get(email) ?? []), id]);
    }
  }

  return createGather(async (emails: readonly string[]) => {
    const known = new Map<string, string[]>();
    await eachChunk(emails, MEMBERS, async (some) => await load(some, known));
    return (email) => known.get(email) ?? [];
  });
}

function requestor(email: string): string {
  return `Requestor.EmailAddress = ${quoted(email)}`;
}
