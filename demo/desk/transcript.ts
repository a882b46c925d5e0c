import type { Message } from "../../src/core/contract/adapter.ts";
import { writeLine } from "../../src/adapters/shared/markup-line.ts";
import { markupOfMessage } from "../../src/adapters/shared/text-to-markup.ts";

/** A chat in the small Markdown subset: each message quoted under its author and time, in UTC. */
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
