import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useDesk } from "./context.ts";

export interface FilesForDraft {
  /** Names of files being uploaded. */
  readonly uploading: ReadonlySignal<readonly string[]>;
  /** Uploads one by one, in order. A failed file does not stop the others. */
  readonly add: (files: readonly File[]) => Promise<void>;
}

/** Uploads an agent's attachments to a draft. Errors are shown like all others. */
export function useFiles(draftId: string): FilesForDraft {
  const { act, drafts } = useDesk();
  const uploading = useSignal<readonly string[]>([]);
  return {
    uploading,
    async add(files) {
      uploading.value = [...uploading.value, ...files.map(({ name }) => name)];
      await act(async (calls) => {
        const failures: unknown[] = [];
        for (const file of files) {
          try {
            drafts.attach(draftId, await calls.upload(file, crypto.randomUUID()));
          } catch (error) {
            failures.push(error);
          }
          const index = uploading.value.indexOf(file.name);
          uploading.value = uploading.value.filter((_name, at) => at !== index);
        }
        if (failures.length > 0) throw failures[0];
      });
    },
  };
}
