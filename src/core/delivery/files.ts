import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Attachment, UploadLimits } from "../contract/adapter.ts";
import { clientId } from "./client-id.ts";
import { type AdapterErrorCode, isAdapterError } from "../contract/errors.ts";
import { type RejectedFile, whyNot } from "./file-limits.ts";
import { callContext, type Scope } from "../platform.ts";

/** A file that the member chose, and how far it has got. */
export interface ChosenFile {
  /** Stable through reloads: an upload cut short goes on under it. */
  readonly id: string;
  readonly file: File;
  readonly state:
    | { readonly status: "uploading"; readonly progress: number }
    | { readonly status: "done"; readonly attachment: Attachment }
    /** `unreadable`: a picture whose place and device could not be taken out of it. */
    | { readonly status: "failed"; readonly code: AdapterErrorCode | "unreadable" };
}

export interface Files {
  readonly files: ReadonlySignal<readonly ChosenFile[]>;
  readonly rejected: ReadonlySignal<readonly RejectedFile[]>;
  readonly limits: ReadonlySignal<UploadLimits>;
  /** The storage does not have all of them yet. */
  readonly saving: ReadonlySignal<boolean>;
  readonly uploading: ReadonlySignal<boolean>;
  /** Starts uploading at once what the limits allow. */
  add(files: readonly File[]): void;
  /** The same picture with marks on it takes the place of the one before. */
  replace(id: string, file: File): void;
  retry(id: string): void;
  remove(id: string): void;
  clear(): void;
  /** Takes all of them out; what it gives puts them back. */
  discard(): () => void;
  /** Ids of the uploaded files; rejects with the first file's error when one can't be uploaded. */
  attachments(): Promise<string[]>;
}

/** What of a chosen file outlives a reload. */
interface StoredFile {
  readonly id: string;
  /** As the member chose it until it is `clean`, then as it is sent. */
  readonly file: File;
  readonly clean?: boolean;
  readonly attachment?: Attachment;
}

/** The files of one draft. Call it inside a model: disposing the model stops the uploads, and the storage keeps the files. */
export function createFiles(scope: Scope, key: string): Files {
  const { platform, adapter, storage } = scope;
  const limits = adapter.uploads?.limits ?? {};
  const files = signal<readonly ChosenFile[]>([]);
  const rejected = signal<readonly RejectedFile[]>([]);
  const saving = signal(0);
  const cleaned = new Set<string>();
  /** Another tab changed something while this one was writing. */
  let missed = false;
  const stops = new Map<string, AbortController>();
  const uploads = new Map<string, Promise<Attachment>>();
  effect(() => () => stops.forEach((stop) => stop.abort()));
  effect(() => storage.watch(key, () => void load()));

  const change = (id: string, patch: Partial<ChosenFile>) => {
    files.value = files.peek().map((chosen) => (chosen.id === id ? { ...chosen, ...patch } : chosen));
  };

  /** Each write changes this file's own entry alone: another tab may have more. */
  async function store(id: string) {
    const chosen = files.peek().find((one) => one.id === id);
    saving.value += 1;
    await storage
      .update(key, (stored) => {
        const others = entries(stored).filter((entry) => entry.id !== id);
        const all = chosen ? [...others, toStored(chosen)] : others;
        return all.length > 0 ? all : undefined;
      })
      .catch(() => undefined)
      .finally(() => {
        saving.value -= 1;
        if (missed) void load();
      });
  }

  function toStored({ id, file, state }: ChosenFile): StoredFile {
    return {
      id,
      file,
      ...(cleaned.has(id) && { clean: true }),
      ...(state.status === "done" && { attachment: state.attachment }),
    };
  }

  /** The bytes that leave this device: without what a picture says of the member's place and device. */
  async function clean(id: string, file: File): Promise<File> {
    if (cleaned.has(id)) return file;
    const result = await platform.clean(file);
    cleaned.add(id);
    change(id, { file: result });
    void store(id);
    return result;
  }

  async function upload(id: string, file: File, stop: AbortSignal): Promise<Attachment> {
    const sendable = await clean(id, file);
    if (!adapter.uploads) throw new Error(`adapter "${adapter.name}" takes no files`);
    const { uploads: api } = adapter;
    // Another tab with the same form has the same file: one of them uploads it, the other gets what came of it.
    return await storage.withLock(`upload/${id}`, stop, async () => {
      const known = entries(await storage.get(key).catch(() => undefined)).find((entry) => entry.id === id);
      if (known?.attachment) return known.attachment;
      const attachment = await api.upload(sendable, {
        ...callContext(platform, stop),
        clientId: id,
        onProgress: (progress) => change(id, { state: { status: "uploading", progress } }),
      });
      change(id, { state: { status: "done", attachment } });
      await store(id);
      return attachment;
    });
  }

  function start(id: string, file: File) {
    const stop = new AbortController();
    stops.set(id, stop);
    change(id, { state: { status: "uploading", progress: 0 } });
    const running = upload(id, file, stop.signal);
    uploads.set(id, running);
    running.then(
      (attachment) => {
        change(id, { state: { status: "done", attachment } });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const code = isAdapterError(error) ? error.code : cleaned.has(id) ? "unknown" : "unreadable";
        change(id, { state: { status: "failed", code } });
      },
    );
  }

  function put({ id, file, clean: isClean, attachment }: StoredFile) {
    if (isClean) cleaned.add(id);
    const state: ChosenFile["state"] = attachment
      ? { status: "done", attachment }
      : { status: "uploading", progress: 0 };
    files.value = [...files.peek(), { id, file, state }];
    if (attachment) uploads.set(id, Promise.resolve(attachment));
    else start(id, file);
  }

  /** What is stored and not here, and away with what another tab has taken out. */
  async function load() {
    const known = files.peek().map(({ id }) => id);
    const stored = entries(await storage.get(key).catch(() => known.map((id) => ({ id }))));
    missed = saving.peek() > 0;
    if (missed) return;
    for (const id of known) if (!stored.some((entry) => entry.id === id)) forget(id);
    for (const entry of stored) if (!files.peek().some((chosen) => chosen.id === entry.id)) put(entry);
  }
  void load();

  function forget(id: string) {
    stops.get(id)?.abort();
    stops.delete(id);
    uploads.delete(id);
    files.value = files.peek().filter((chosen) => chosen.id !== id);
  }

  function remove(id: string) {
    forget(id);
    void store(id);
  }

  function take(file: File) {
    const id = clientId();
    files.value = [...files.peek(), { id, file, state: { status: "uploading", progress: 0 } }];
    start(id, file);
    void store(id);
  }

  function discard() {
    const before = files.peek().map(toStored);
    before.forEach(({ id }) => remove(id));
    rejected.value = [];
    return () => {
      for (const entry of before) {
        put(entry);
        void store(entry.id);
      }
    };
  }

  return {
    files,
    rejected,
    limits: computed(() => limits),
    saving: computed(() => saving.value > 0),
    uploading: computed(() => files.value.some((chosen) => chosen.state.status === "uploading")),
    add(added) {
      const refused: RejectedFile[] = [];
      for (const file of added) {
        const reason = whyNot(file, files.peek().length, limits);
        if (reason) refused.push({ name: file.name, reason });
        else take(file);
      }
      rejected.value = refused;
    },
    replace(id, file) {
      remove(id);
      take(file);
    },
    retry(id) {
      const chosen = files.peek().find((one) => one.id === id);
      if (chosen) start(id, chosen.file);
    },
    remove,
    clear: () => void discard(),
    discard,
    async attachments() {
      const running = files.peek().flatMap(({ id }) => uploads.get(id) ?? []);
      return (await Promise.all(running)).map((attachment) => attachment.id);
    },
  };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `store` has written
const entries = (stored: unknown) => (Array.isArray(stored) ? (stored as StoredFile[]) : []);
