import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { UploadLimits } from "../contract/adapter.ts";
import { type RejectedFile, whyNot } from "./file-limits.ts";
import { onDispose } from "./on-dispose.ts";
import type { Scope } from "./scope.ts";
import type { ChosenFile } from "./uploads.ts";

export interface Files {
  readonly files: ReadonlySignal<readonly ChosenFile[]>;
  readonly rejected: ReadonlySignal<readonly RejectedFile[]>;
  readonly limits: ReadonlySignal<UploadLimits>;
  /** The storage does not have all of them yet. */
  readonly saving: ReadonlySignal<boolean>;
  readonly uploading: ReadonlySignal<boolean>;
  /** Resolves when files stored by an earlier page are in `files`. */
  loaded(): Promise<void>;
  /** Starts uploading at once, within the limits. */
  add(files: readonly File[]): void;
  /** The marked version of a picture replaces the earlier one. */
  replace(id: string, file: File): void;
  retry(id: string): void;
  remove(id: string): void;
  /** Removes all of them. Returns the undo. */
  discard(): () => void;
  /** False if one of them can't be uploaded, however often it is retried: its row says why. */
  canBeSent(): boolean;
  /** Their ids. The stored list of the draft is emptied when `after` has settled; the files themselves stay. */
  take(after: Promise<unknown>): void;
  /** Another tab, or the page before a crash, has sent these: they are removed here. */
  sent(ids: readonly string[]): void;
  /** Files that are uploading already, such as those of a refused message; ignored if `held` has aborted. */
  putBack(ids: readonly string[], held?: AbortSignal): Promise<void>;
}

/** The files of one draft: a list of ids, stored under `key`. Call it inside a model. */
export function createFiles({ storage, uploads }: Scope, key: string): Files {
  const ids = signal<readonly string[]>([]);
  const rejected = signal<readonly RejectedFile[]>([]);
  /** Removed from this draft here, but still in the stored list. */
  const taken = new Set<string>();
  let writes = 0;
  let begun = 0;
  onDispose(storage.watch(key, () => void load()));

  /** Each write adds or removes single ids: another tab may have more. */
  async function edit(change: (list: readonly string[]) => readonly string[]) {
    ids.value = change(ids.peek());
    await write(change);
  }
  async function write(change: (list: readonly string[]) => readonly string[]) {
    writes += 1;
    begun += 1;
    await storage
      .update(key, (stored) => {
        const list = change(asIds(stored));
        return list.length > 0 ? list : undefined;
      })
      .catch(() => undefined);
    writes -= 1;
    if (writes === 0) void load();
  }

  async function load() {
    const before = ids.peek();
    const at = begun;
    const stored = await storage.get(key).then(asIds, () => undefined);
    if (!stored) return isLoaded();
    // A read before a write may be outdated: the list is read again after it.
    if (at !== begun) return;
    await Promise.all(stored.filter((id) => !taken.has(id)).map((id) => uploads.open(id)));
    if (at !== begun) return;
    // Only now: some of them may have been sent meanwhile.
    const list = stored.filter((id) => !taken.has(id));
    for (const id of before) if (!list.includes(id) && !taken.has(id)) uploads.release(id);
    if (list.join() !== ids.peek().join()) ids.value = list;
    isLoaded();
  }
  let isLoaded: () => void = () => undefined;
  const loaded = new Promise<void>((resolve) => (isLoaded = resolve));
  void load();

  const without = (gone: readonly string[]) => (list: readonly string[]) => list.filter((id) => !gone.includes(id));
  const withThem = (more: readonly string[]) => (list: readonly string[]) => [...new Set([...list, ...more])];

  function take(file: File) {
    void edit(withThem([uploads.add(file)]));
  }
  function remove(id: string) {
    void edit(without([id]));
    return uploads.remove(id);
  }
  const files = computed(() => ids.value.flatMap((id) => uploads.get(id) ?? []));

  return {
    files,
    rejected,
    limits: computed(() => uploads.limits),
    saving: uploads.saving,
    loaded: () => loaded,
    uploading: computed(() => files.value.some((chosen) => chosen.state.status === "uploading")),
    add(added) {
      const refused: RejectedFile[] = [];
      for (const file of added) {
        const reason = whyNot(file, files.peek().length, uploads.limits);
        if (reason) refused.push({ name: file.name, reason });
        else take(file);
      }
      rejected.value = refused;
    },
    replace(id, file) {
      remove(id);
      take(file);
    },
    retry: (id) => uploads.retry(id),
    remove: (id) => void remove(id),
    discard() {
      const list = ids.peek();
      const undos = list.map(remove);
      rejected.value = [];
      return () => {
        for (const undo of undos) undo();
        void edit(withThem(list));
      };
    },
    canBeSent: () => !files.peek().some(({ state }) => state.status === "failed" && !state.retryable),
    take(after) {
      const list = files.peek().map(({ id }) => id);
      for (const id of list) taken.add(id);
      ids.value = [];
      rejected.value = [];
      void after
        .catch(() => undefined)
        .then(() => write(without(list)))
        .then(() => list.forEach((id) => taken.delete(id)));
    },
    sent(list) {
      if (list.length > 0) void edit(without(list));
    },
    async putBack(list, held) {
      for (const id of list) taken.delete(id);
      if (list.length > 0) await edit((now) => (held?.aborted ? now : withThem(list)(now)));
    },
  };
}

const asIds = (stored: unknown) => (Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : []);
