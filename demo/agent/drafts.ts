import { signal } from "@preact/signals";
import type { Attachment } from "../../src/core/contract/adapter.ts";
import type { AgentDraft } from "../desk/agent-tickets.ts";

interface Draft {
  readonly clientId: string;
  readonly text: string;
  /** Uploaded but not sent yet. */
  readonly files: readonly Attachment[];
}

/** The unsent drafts of all tickets and chats. Kept while the page is open. */
export interface Drafts {
  text(id: string): string;
  files(id: string): readonly Attachment[];
  write(id: string, text: string): void;
  attach(id: string, file: Attachment): void;
  detach(id: string, fileId: string): void;
  /** Returns the same draft with the same `clientId` until `done`, so that a retry sends no duplicate. */
  take(id: string): AgentDraft;
  done(id: string): void;
}

export function createDrafts(): Drafts {
  const all = signal<Readonly<Record<string, Draft>>>({});
  const standing = (id: string) => all.value[id] ?? { clientId: crypto.randomUUID(), text: "", files: [] };
  const change = (id: string, changes: Partial<Draft>) =>
    (all.value = { ...all.value, [id]: { ...standing(id), ...changes } });
  return {
    text: (id) => all.value[id]?.text ?? "",
    files: (id) => all.value[id]?.files ?? [],
    write: (id, text) => void change(id, { text }),
    attach: (id, file) => void change(id, { files: [...standing(id).files, file] }),
    detach: (id, fileId) => void change(id, { files: standing(id).files.filter((file) => file.id !== fileId) }),
    take(id) {
      const { clientId, files, text } = standing(id);
      return { clientId, text, ...(files.length > 0 ? { attachments: files.map((file) => file.id) } : {}) };
    },
    done(id) {
      const { [id]: _done, ...rest } = all.value;
      all.value = rest;
    },
  };
}
