import type { Member } from "../../src/core/contract/adapter.ts";
import type { Desk } from "./parts.ts";

/** The guest has signed in: their chats, files and words are the member's. Of two running chats the member's own goes on. */
export function mergeGuest({ database, conversations }: Desk, guest: Member, member: Member): void {
  database.write(() => {
    const running = conversations.current(guest.id);
    if (running && conversations.current(member.id)) conversations.end(running);
    for (const table of ["tickets", "conversations", "attachments", "events"]) {
      database.run(`UPDATE ${table} SET member_id = ? WHERE member_id = ?`, member.id, guest.id);
    }
    database.run(
      "UPDATE messages SET author_id = ? WHERE author_role = 'member' AND author_id = ?",
      member.id,
      guest.id,
    );
  });
}
