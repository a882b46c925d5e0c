import type { EraseOptions, Erasure, Member } from "../../core/contract/adapter.ts";
import { counted } from "../../adapter/findings.ts";
import { end } from "./chat.ts";
import type { Desk } from "./desk.ts";
import { remove as removeTicket } from "./tickets.ts";

/** Everything about a member in the desk's own memory. */
export async function* eraseMember(
  desk: Desk,
  { id }: Member,
  { remove, signal }: EraseOptions,
): AsyncIterable<Erasure> {
  signal.throwIfAborted();
  const tickets = [...desk.tickets.values()].filter(({ memberId }) => memberId === id);
  const chats = [...desk.conversations.values()].filter(({ memberId }) => memberId === id);
  const files = [...desk.files].filter(([, { memberId }]) => memberId === id);
  if (remove === true) {
    for (const entry of tickets) removeTicket(desk, entry);
    for (const entry of chats) {
      end(desk, entry);
      desk.conversations.delete(entry.conversation.id);
    }
    for (const [fileId] of files) desk.files.delete(fileId);
    desk.forgetCalls(id);
  }
  const numbers = tickets.map(({ ticket }) => `#${ticket.number}`);
  if (tickets.length > 0) yield { outcome: "erased", text: `${counted(numbers, "ticket")}, with all messages.` };
  if (chats.length > 0) yield { outcome: "erased", text: `${counted(chats, "chat")}, with all messages.` };
  if (files.length > 0) yield { outcome: "erased", text: `${counted(files, "file")}.` };
}
