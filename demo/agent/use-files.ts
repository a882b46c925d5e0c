import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useDesk } from "./context.ts";

export interface FilesForDraft {
  /** Names of those that are on their way. */
  readonly uploading: ReadonlySignal<readonly string[]>;
  /** One after the other, in their order. One that fails keeps back none of the others. */
  readonly add: (files: readonly File[]) => Promise<void>;
}

/** Uploads what an agent attaches to a draft. What the desk refuses is told as every other problem. */
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
