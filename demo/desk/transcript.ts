import type { Message } from "../../src/core/contract/adapter.ts";
import { writeLine } from "../../src/adapter/markup/line.ts";
import { markupOfMessage } from "../../src/adapter/markup/text-to-markup.ts";

/** A chat in a small Markdown subset: each message is quoted below its author and time (UTC). */
export function transcriptOf(messages: readonly Message[], title: string): string {
  const said = messages.map((message) => {
    const { author, at, attachments = [] } = message;
    const head = writeLine([
      { text: author.name ?? author.role, strong: true },
      { text: `, ${at.slice(0, 16).replace("T", " ")} UTC` },
    ]);
    const files = attachments.map(({ name }) => writeLine([{ text: `[${name}]` }]));
    const quoted = [...markupOfMessage(message).split("\n"), ...files].map((line) => `> ${line}`).join("\n");
    return `${head}\n\n${quoted}`;
  });
  return [writeLine([{ text: title, strong: true }]), ...said].join("\n\n");
}
