import type { Message } from "../../src/core/contract/adapter.ts";

/** A chat as text that a person reads: each message quoted under its author and time, in UTC. */
export function transcriptOf(messages: readonly Message[], title: string): string {
  const said = messages.map(({ author, at, text, attachments = [] }) => {
    const head = `**${author.name ?? author.role}**, ${at.slice(0, 16).replace("T", " ")} UTC`;
    const files = attachments.map(({ name }) => `[${name}]`);
    const quoted = [...text.split("\n"), ...files].map((line) => `> ${line}`).join("\n");
    return `${head}\n\n${quoted}`;
  });
  return [`**${title}**`, ...said].join("\n\n");
}
