import type { Member } from "../../src/core/contract/adapter.ts";
import type { Desk } from "./parts.ts";

/**
 * After sign-in, the guest's chats, files and messages become the member's. If both have a running chat, the guest's
 * ends.
 */
export function mergeGuest({ database, conversations }: Desk, guest: Member, member: Member): void {
  if (guest.id === member.id) return;
  database.write(() => {
    const running = conversations.current(guest.id);
    if (running && conversations.current(member.id)) conversations.end(running);
    for (const table of ["tickets", "conversations", "attachments"]) {
      // Client ids used by both stay distinct.
      database.run(
        `UPDATE ${table} SET client_id = client_id || ' ' || id WHERE member_id = ?1 AND client_id IN (
           SELECT client_id FROM ${table} WHERE member_id = ?2)`,
        guest.id,
        member.id,
      );
    }
    database.run(
      `UPDATE messages SET client_id = client_id || ' ' || id WHERE author_role = 'member' AND author_id = ?1
         AND client_id IN (SELECT client_id FROM messages WHERE author_role = 'member' AND author_id = ?2)`,
      guest.id,
      member.id,
    );
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
