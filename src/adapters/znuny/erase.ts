import {
  counted,
  eraseByAddress,
  inChunks,
  type Adapter,
  type EraseOptions,
  type Erasure,
} from "../../adapter/index.ts";
import { PAGE, quoted, SEARCH_MOST, type Desk } from "./desk.ts";
import { loginOf } from "./people.ts";
import { isOf } from "./ticket.ts";

/** The maximum number of tickets in one command. */
const COMMAND_MOST = 500;

/** The GenericInterface can't erase: this lists the tickets with the command that erases them. Files held here are erased. */
export function createErase(desk: Desk): NonNullable<Adapter["erase"]> {
  const { settings } = desk;
  if (settings.login === "email") return eraseByAddress("Znuny", erase);
  return async function* eraseMember(member, how) {
    if (member.guest !== true) yield* erase(loginOf(member, settings), how);
  };

  async function* erase(login: string, { remove = false, signal }: EraseOptions): AsyncGenerator<Erasure> {
    const held = (await settings.files?.erase?.(login, remove)) ?? 0;
    if (held > 0) yield { outcome: "erased", text: `Files that wait for their ticket: ${held}.` };
    const numbers: string[] = [];
    for (const ids of inChunks(await desk.search({ CustomerUserLogin: quoted(login) }, SEARCH_MOST, signal), PAGE)) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const raws = await desk.read(ids, { articles: false }, signal);
      numbers.push(...raws.flatMap((raw) => (isOf(desk, raw, login) ? [raw.TicketNumber] : [])));
    }
    if (numbers.length > 0) {
      const names = numbers.map((number) => `#${number}`);
      const text = `${counted(names, "ticket")}, with all articles and files: Znuny's API can't erase them.`;
      const some = numbers.slice(0, COMMAND_MOST).map((number) => ` --ticket-number ${number}`);
      const again = numbers.length > some.length ? " (then run `podpora forget` again for the rest)" : "";
      const fix = `On Znuny's machine, as its user${again}: bin/otrs.Console.pl Maint::Ticket::Delete${some.join("")}`;
      yield { outcome: "kept", text, fix };
    }
    const text = `The customer user "${login}", if there is one, and tickets of other queues.`;
    yield { outcome: "kept", text, fix: "In Znuny: Admin, Customer Users." };
  }
}
