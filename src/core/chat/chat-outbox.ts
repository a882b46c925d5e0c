import type { ChatApi, ChatRequest, Conversation, Message } from "../contract/adapter.ts";
import { answered } from "../delivery/answered.ts";
import { createOutbox, type Outbox } from "../delivery/outbox.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";

/** The member's items in a chat are all sent through one outbox. */
export type ChatItem = ChatStart | ChatMessage | ChatLeave;

export interface ChatStart {
  readonly kind: "start";
  readonly clientId: string;
  /** As it was when the member pressed the button: a retry sends the same request. */
  readonly request: Omit<ChatRequest, "clientId">;
}

export interface ChatMessage {
  readonly kind: "message";
  readonly clientId: string;
  readonly conversationId: string;
  readonly text: string;
}

export interface ChatLeave {
  readonly kind: "leave";
  readonly clientId: string;
  readonly conversationId: string;
}

export interface ChatOutboxHooks {
  /** `own`: the member pressed the button in this tab. */
  onStarted(conversation: Conversation, question: string, own: boolean): void;
  onMessage(conversationId: string, message: Message): void;
  onLeft(conversationId: string): void;
}

/** Call it inside a model. */
export function createChatOutbox(scope: Scope, hooks: ChatOutboxHooks): Outbox<ChatItem> {
  const { platform, adapter } = scope;
  return createOutbox<ChatItem, Conversation | Message | undefined>({
    scope,
    key: "chat-outbox",
    lane: (item) => (item.kind === "start" ? "start" : item.conversationId),
    async send(item, attachments, signal) {
      const chat = chatOf(scope);
      const ctx = callContext(platform, signal);
      const { clientId } = item;
      if (item.kind === "start") return answered(await chat.open({ ...item.request, clientId }, ctx), "chat.open");
      if (item.kind === "leave") return await chat.close?.(item.conversationId, ctx).then(() => undefined);
      const draft = { clientId, text: item.text, ...(attachments.length > 0 && { attachments }) };
      return answered(await chat.send(item.conversationId, draft, ctx), "chat.send");
    },
    onSent(item, result, own) {
      if (item.kind === "leave") hooks.onLeft(item.conversationId);
      else if (result && "author" in result && item.kind === "message") hooks.onMessage(item.conversationId, result);
      else if (result && "status" in result && item.kind === "start")
        hooks.onStarted(result, item.request.question, own);
    },
  });

  function chatOf({ adapter: { chat } }: Scope): ChatApi {
    if (!chat) throw new Error(`adapter "${adapter.name}" has no chat`);
    return chat;
  }
}
