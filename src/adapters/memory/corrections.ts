import type { ChatEvent, Message } from "../../core/contract/adapter.ts";
import type { ConversationEntry } from "./desk.ts";

const isAgents = ({ author }: Message) => author.role === "agent";

/** Corrects the agent's last message. A stream from the start only contains the corrected text. */
export function correctLast(entry: ConversationEntry, text: string): void {
  const index = entry.messages.findLastIndex(isAgents);
  const before = entry.messages[index];
  if (before === undefined) return;
  const message: Message = { ...before, text };
  entry.messages[index] = message;
  rewrite(entry, message.id, { type: "message", message });
  entry.newest = entry.log.append({ type: "message", message });
}

/** The agent retracts their last message. */
export function retractLast(entry: ConversationEntry): void {
  const index = entry.messages.findLastIndex(isAgents);
  const [removed] = index === -1 ? [] : entry.messages.splice(index, 1);
  if (removed === undefined) return;
  if (entry.delivered > index) entry.delivered -= 1;
  if (entry.read > index) entry.read -= 1;
  const event = { type: "message-removed", messageId: removed.id } as const;
  rewrite(entry, removed.id, event);
  entry.newest = entry.log.append(event);
}

function rewrite(entry: ConversationEntry, id: string, by: ChatEvent): void {
  entry.log.rewrite((event) =>
    event.type === "message" && event.message.id === id
      ? { ...by, ...(event.cursor === undefined ? {} : { cursor: event.cursor }) }
      : event,
  );
}
