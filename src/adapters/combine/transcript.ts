import { wordsOf } from "../../core/contract/message-body.ts";
import type { Message } from "../../core/contract/adapter.ts";

/**
 * A chat as a quotation in plain text, without translated text. It ends with the conversation's id, by which the chat's
 * desk finds it.
 */
export function transcriptOf(messages: readonly Message[], conversationId: string): string {
  const said = messages.map((message) => {
    const { attachments = [], at, author } = message;
    const when = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
    const files = attachments.map(({ name }) => `[${name}]`);
    return [`${author.name ?? author.role}, ${when}`, ...wordsOf(message).split("\n"), ...files].filter(
      (line) => line !== "",
    );
  });
  const lines = said.flatMap((each, index) => (index === 0 ? each : ["", ...each]));
  return [...lines, "", `(${conversationId})`].map((line) => `> ${line}`.trimEnd()).join("\n");
}
