import type { Adapter, ChatApi, Conversation } from "../../src/core/contract/adapter.ts";
import { context } from "./scope.ts";

/** A chat that Ana started earlier. */
export async function anasChat(desk: Adapter, question = "Where is my order?"): Promise<Conversation> {
  const request = { clientId: crypto.randomUUID(), name: "Ana Novak", email: "ana@example.org", question };
  const conversation = await desk.chat?.open(request, context());
  if (!conversation) throw new Error("the desk has no chat");
  return conversation;
}

/** A desk with some chat calls replaced, to simulate a failing desk or network. */
export function withChat<A extends Adapter>(desk: A, calls: Partial<ChatApi>): A {
  if (!desk.chat) throw new Error("the desk has no chat");
  return { ...desk, chat: { ...desk.chat, ...calls } };
}
