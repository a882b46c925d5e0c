import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Attachment, UploadLimits } from "./adapter.ts";
import { clientId } from "./client-id.ts";
import { type AdapterErrorCode, isAdapterError } from "./errors.ts";
import { callContext, type Scope } from "./platform.ts";

/** A file that the member chose, and how far it has got. */
export interface ChosenFile {
  /** Stable through reloads: an upload cut short goes on under it. */
  readonly id: string;
  readonly file: File;
  readonly state:
    | { readonly status: "uploading"; readonly progress: number }
    | { readonly status: "done"; readonly attachment: Attachment }
    | { readonly status: "failed"; readonly code: AdapterErrorCode };
}

/** Why a file was not taken. */
export interface RejectedFile {
  readonly name: string;
  readonly reason: "too-large" | "empty" | "type" | "too-many";
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
  retry(id: string): void;
  remove(id: string): void;
  clear(): void;
  /** Ids of the uploaded files; rejects with the first file's error when one can't be uploaded. */
  attachments(): Promise<string[]>;
}

/** What of a chosen file outlives a reload. */
interface StoredFile {
  readonly id: string;
  readonly file: File;
  readonly attachment?: Attachment;
}

/** The files of one draft. Call it inside a model: disposing the model stops the uploads, and the storage keeps the files. */
export function createFiles(scope: Scope, key: string): Files {
  const { platform, adapter, storage } = scope;
  const limits = adapter.uploads?.limits ?? {};
  const files = signal<readonly ChosenFile[]>([]);
  const rejected = signal<readonly RejectedFile[]>([]);
  const saving = signal(0);
  const stops = new Map<string, AbortController>();
  const uploads = new Map<string, Promise<Attachment>>();
  effect(() => () => stops.forEach((stop) => stop.abort()));

  const setState = (id: string, state: ChosenFile["state"]) => {
    files.value = files.peek().map((chosen) => (chosen.id === id ? { ...chosen, state } : chosen));
  };

  function store() {
    const stored = files.peek().map(({ id, file, state }): StoredFile => ({
      id,
      file,
      ...(state.status === "done" && { attachment: state.attachment }),
    }));
    saving.value += 1;
    void (stored.length > 0 ? storage.set(key, stored) : storage.delete(key))
      .catch(() => undefined)
      .finally(() => (saving.value -= 1));
  }

  function start(id: string, file: File) {
    if (!adapter.uploads) return;
    const stop = new AbortController();
    stops.set(id, stop);
    setState(id, { status: "uploading", progress: 0 });
    const upload = adapter.uploads.upload(file, {
      ...callContext(platform, stop.signal),
      clientId: id,
      onProgress: (progress) => setState(id, { status: "uploading", progress }),
    });
    uploads.set(id, upload);
    upload.then(
      (attachment) => {
        setState(id, { status: "done", attachment });
        store();
      },
      (error: unknown) => {
        if (!stop.signal.aborted)
          setState(id, { status: "failed", code: isAdapterError(error) ? error.code : "unknown" });
      },
    );
  }

  async function load() {
    const stored = await storage.get(key).catch(() => undefined);
    if (!Array.isArray(stored)) return;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `store` above has written
    for (const { id, file, attachment } of stored as StoredFile[]) {
      if (files.peek().some((chosen) => chosen.id === id)) continue;
      const state: ChosenFile["state"] = attachment
        ? { status: "done", attachment }
        : { status: "uploading", progress: 0 };
      files.value = [...files.peek(), { id, file, state }];
      if (attachment) uploads.set(id, Promise.resolve(attachment));
      else start(id, file);
    }
  }
  void load();

  function remove(id: string) {
    stops.get(id)?.abort();
    stops.delete(id);
    uploads.delete(id);
    files.value = files.peek().filter((chosen) => chosen.id !== id);
    store();
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
        if (reason) {
          refused.push({ name: file.name, reason });
          continue;
        }
        const id = clientId();
        files.value = [...files.peek(), { id, file, state: { status: "uploading", progress: 0 } }];
        start(id, file);
      }
      rejected.value = refused;
      store();
    },
    retry(id) {
      const chosen = files.peek().find((one) => one.id === id);
      if (chosen) start(id, chosen.file);
    },
    remove,
    clear() {
      files.peek().forEach((chosen) => remove(chosen.id));
      rejected.value = [];
    },
    async attachments() {
      const running = files.peek().flatMap(({ id }) => uploads.get(id) ?? []);
      return (await Promise.all(running)).map((attachment) => attachment.id);
    },
  };
}

function whyNot(file: File, count: number, limits: UploadLimits): RejectedFile["reason"] | undefined {
  if (count >= (limits.maxFiles ?? Number.POSITIVE_INFINITY)) return "too-many";
  if (file.size === 0) return "empty";
  if (file.size > (limits.maxBytes ?? Number.POSITIVE_INFINITY)) return "too-large";
  const accepted = limits.accept?.some((type) =>
    type.endsWith("/*") ? file.type.startsWith(type.slice(0, -1)) : file.type === type,
  );
  return accepted === false ? "type" : undefined;
}
