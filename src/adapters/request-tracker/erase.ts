import type { Adapter, Erasure } from "../../core/contract/adapter.ts";
import { counted } from "../shared/erasures.ts";
import { verifiedMember } from "../shared/verified-email.ts";
import { pathOf, type Desk } from "./desk.ts";
import { listOf, reference } from "./schemas.ts";

const PAGE = 100;

/** RT's API erases nothing: it says what there is, and the command that erases it. Files that wait here are erased. */
export function createErase(desk: Desk): NonNullable<Adapter["erase"]> {
  const { client, settings } = desk;

  async function ticketIds(where: string, signal: AbortSignal): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let page = 1; ; page += 1) {
      const path = pathOf("/tickets", [
        ["query", where],
        ["orderby", "id"],
        ["per_page", PAGE],
        ["page", page],
      ]);
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const { items } = await client.json({ path }, listOf(reference), signal);
      ids.push(...items.map(({ id }) => id));
      if (items.length < PAGE) return ids;
    }
  }

  return async function* erase(member, { remove = false, signal }): AsyncIterable<Erasure> {
    // Who has not signed in has no tickets here.
    if (member.guest === true) return;
    if (member.email === undefined) {
      const text = "Everything: Request Tracker knows members by their e-mail address.";
      yield { outcome: "kept", text, fix: "Name it: --email ana@example.org." };
      return;
    }
    const { email } = verifiedMember({ member, signal, locale: "en" });
    const held = (await settings.files?.erase?.(email, remove)) ?? 0;
    if (held > 0) yield { outcome: "erased", text: `Files that wait for their ticket: ${held}.` };
    const where = desk.scope({ email });
    const numbers = (await ticketIds(where, signal)).map((id) => `#${id}`);
    const text = `${counted(numbers, "ticket")}, with all messages and files: RT erases nothing over its API.`;
    if (numbers.length > 0) yield { outcome: "kept", text, fix: `On RT's machine: ${shredder(where)}` };
    yield {
      outcome: "kept",
      text: `The user with the address ${email}, where there is one, and tickets of other queues.`,
      fix: "In RT, once the tickets are gone: Admin, Users, this user, Manage user data, Anonymize User or Delete User.",
    };
  };
}

/** Tickets that were deleted before are among those that it finds. Unless told otherwise it keeps what it removes in a file. */
function shredder(where: string): string {
  return `rt-shredder --force --no-sqldump --plugin ${shellQuoted(`Tickets=query,${where};limit,10000`)}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
