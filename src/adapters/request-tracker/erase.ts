import { counted, eraseByAddress, type Adapter } from "../../adapter/index.ts";
import { PAGE, pathOf, scopeOf, type Desk } from "./desk.ts";
import { listOf, reference } from "./schemas.ts";

/** RT's API cannot erase: this lists the tickets, and the command that erases them. Files that wait here are erased. */
export function createErase(desk: Desk): NonNullable<Adapter["erase"]> {
  const { client, settings } = desk;
  return eraseByAddress("Request Tracker", async function* erase(email, { remove = false, signal }) {
    const held = (await settings.files?.erase?.(email, remove)) ?? 0;
    if (held > 0) yield { outcome: "erased", text: `Files that wait for their ticket: ${held}.` };
    const where = scopeOf(desk, email);
    const numbers: string[] = [];
    for (let page = 1; numbers.length === (page - 1) * PAGE; page += 1) {
      const query = [
        ["query", where],
        ["orderby", "id"],
        ["per_page", PAGE],
        ["page", page],
      ] as const;
      const { items } = await client.json({ path: pathOf("/tickets", query) }, listOf(reference), signal);
      numbers.push(...items.map(({ id }) => `#${id}`));
      if (items.length === 0) break;
    }
    const text = `${counted(numbers, "ticket")}, with all messages and files: RT cannot erase over its API.`;
    // It also finds deleted tickets. By default it keeps what it removes in a file.
    const plugin = `Tickets=query,${where};limit,10000`.replaceAll("'", String.raw`'\''`);
    const fix = `On RT's machine: rt-shredder --force --no-sqldump --plugin '${plugin}'`;
    if (numbers.length > 0) yield { outcome: "kept", text, fix };
    yield {
      outcome: "kept",
      text: `The user with the address ${email}, if there is one, and tickets of other queues.`,
      fix: "In RT, once the tickets are gone: Admin, Users, this user, Manage user data, Anonymize User or Delete User.",
    };
  });
}
