import { signal, type ReadonlySignal } from "@preact/signals";
import type { AgentDraft } from "../desk/agent-tickets.ts";

/** What stands half-written under each ticket and conversation, for as long as the page is open. */
export interface Drafts {
  text(id: string): string;
  write(id: string, text: string): void;
  /** The same one, with the same `clientId`, until it is done: a second try makes no second message. */
  take(id: string): AgentDraft;
  done(id: string): void;
  readonly all: ReadonlySignal<Readonly<Record<string, AgentDraft>>>;
}

export function createDrafts(): Drafts {
  const all = signal<Readonly<Record<string, AgentDraft>>>({});
  const standing = (id: string) => all.value[id] ?? { clientId: crypto.randomUUID(), text: "" };
  return {
    all,
    text: (id) => all.value[id]?.text ?? "",
    write(id, text) {
      all.value = { ...all.value, [id]: { ...standing(id), text } };
    },
    take: standing,
    done(id) {
      const { [id]: _done, ...rest } = all.value;
      all.value = rest;
    },
  };
}
