import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Adapter, Attachment, UploadLimits } from "../contract/adapter.ts";
import { AdapterError, type AdapterErrorCode, isAdapterError, isRetryable } from "../contract/errors.ts";
import { callContext, type Platform } from "../platform.ts";
import { clientId } from "./client-id.ts";
import { withLease } from "./lease.ts";
import type { Caller } from "./caller.ts";
import type { Storage } from "./storage.ts";

/** A file that the member chose, and the state of its upload. */
export interface ChosenFile {
  /** Stable through reloads: an interrupted upload continues with it. */
  readonly id: string;
  readonly file: File;
  readonly state:
    | { readonly status: "uploading"; readonly progress: number }
    | { readonly status: "done"; readonly attachment: Attachment }
    /** `unreadable`: place and device could not be removed from a picture. */
    | { readonly status: "failed"; readonly code: AdapterErrorCode | "unreadable"; readonly retryable: boolean };
}

/** All files of one person that are chosen or uploading, in any draft or message. */
export interface Uploads {
  readonly limits: UploadLimits;
  /** True until the storage has all files. */
  readonly saving: ReadonlySignal<boolean>;
  /** Reads a signal: an effect that calls it runs again when the file changes. */
  get(id: string): ChosenFile | undefined;
  /** Stores the file and starts uploading it. Returns its id. */
  add(file: File): string;
  /** Continues with a file stored by an earlier page or another tab. Does nothing if it is known. */
  open(id: string): Promise<void>;
  retry(id: string): void;
  /** Uploads the file again, as a new attachment. */
  renew(id: string): void;
  /** Stops the upload and removes the stored file. Returns the undo. */
  remove(id: string): () => void;
  /** Stops tracking a file in this tab; the storage keeps it for the tab that now has it. */
  release(id: string): void;
  /** Resolves when the desk has the file. Restarts a failed upload; rejects with the error of this attempt. */
  attachment(id: string, signal: AbortSignal): Promise<Attachment>;
}

interface StoredFile {
  /** As the member chose it until it is `clean`, then as it is sent. */
  readonly file: File;
  readonly clean?: boolean;
  readonly attachment?: Attachment;
  /** The subject of the token that uploaded it: nobody else can use that attachment. */
  readonly as?: string;
}

interface UploadsOptions {
  readonly platform: Platform;
  readonly adapter: Adapter;
  readonly storage: Storage;
  readonly caller: Caller;
  readonly left: AbortSignal;
}

const keyOf = (id: string) => `file/${id}`;

/** Each file has its own storage key, so that a large one is written once. */
export function createUploads({ platform, adapter, storage, caller, left }: UploadsOptions): Uploads {
  const all = signal<ReadonlyMap<string, ChosenFile>>(new Map());
  const saving = signal(0);
  const clean = new Set<string>();
  const uploadedAs = new Map<string, string>();
  const stops = new Map<string, AbortController>();
  const running = new Map<string, Promise<Attachment>>();

  const put = (chosen: ChosenFile) => (all.value = new Map(all.peek()).set(chosen.id, chosen));
  function change(id: string, patch: Partial<ChosenFile>) {
    const chosen = all.peek().get(id);
    if (chosen) put({ ...chosen, ...patch });
  }

  /** Another tab's stored upload state is kept, unless it is `renewed`. */
  async function store(id: string, renewed = false) {
    const chosen = all.peek().get(id);
    if (!chosen) return;
    saving.value += 1;
    const mine = toStored(chosen);
    await storage
      .update(keyOf(id), (before) => {
        const theirs = renewed ? undefined : asStored(before);
        // A cleaned file of another tab is never replaced by an uncleaned one.
        return theirs?.clean && !mine.clean ? theirs : { ...theirs, ...mine };
      })
      .catch(() => undefined);
    saving.value -= 1;
  }

  function toStored({ id, file, state }: ChosenFile): StoredFile {
    const as = uploadedAs.get(id);
    return {
      file,
      ...(clean.has(id) && { clean: true }),
      ...(state.status === "done" && { attachment: state.attachment, ...(as !== undefined && { as }) }),
    };
  }

  async function stored(id: string): Promise<StoredFile | undefined> {
    const record = asStored(await storage.get(keyOf(id)).catch(() => undefined));
    if (!record?.attachment) return record;
    const subject = await caller.findSubject().catch(() => undefined);
    const { attachment: _others, as, ...rest } = record;
    if (as !== subject) return rest;
    if (as !== undefined) uploadedAs.set(id, as);
    return record;
  }

  /** The bytes to send: without a picture's place and device. */
  async function cleaned(id: string, file: File, stop: AbortSignal): Promise<File> {
    if (clean.has(id)) return file;
    const result = await platform.clean(file);
    stop.throwIfAborted();
    clean.add(id);
    change(id, { file: result });
    await store(id);
    return result;
  }

  async function upload(id: string, file: File, stop: AbortSignal): Promise<Attachment> {
    const sendable = await cleaned(id, file, stop);
    const { uploads: api } = adapter;
    if (!api) throw new Error(`adapter "${adapter.name}" takes no files`);
    // Another tab that shares the draft has the same file: one of them uploads it, the other reads the result.
    return await withLease({ platform, storage, name: `upload/${id}`, signal: stop }, async (held) => {
      const known = (await stored(id))?.attachment;
      if (known) return known;
      const attachment = await api.upload(sendable, {
        ...callContext(platform, held),
        clientId: id,
        onProgress: (progress) => change(id, { state: { status: "uploading", progress } }),
      });
      const as = caller.subject.peek();
      if (as !== undefined) uploadedAs.set(id, as);
      change(id, { state: { status: "done", attachment } });
      await store(id);
      return attachment;
    });
  }

  function start(id: string, file: File): Promise<Attachment> {
    const stop = new AbortController();
    stops.get(id)?.abort();
    stops.set(id, stop);
    change(id, { state: { status: "uploading", progress: 0 } });
    const attempt = upload(id, file, AbortSignal.any([left, stop.signal]));
    running.set(id, attempt);
    attempt.then(
      (attachment) => change(id, { state: { status: "done", attachment } }),
      (error: unknown) => {
        if (left.aborted || stop.signal.aborted) return;
        const code = isAdapterError(error) ? error.code : clean.has(id) ? "unknown" : "unreadable";
        change(id, { state: { status: "failed", code, retryable: isRetryable(error) } });
      },
    );
    return attempt;
  }

  function begin(id: string, { file, clean: isClean, attachment, as }: StoredFile) {
    if (isClean) clean.add(id);
    if (as !== undefined) uploadedAs.set(id, as);
    put({ id, file, state: attachment ? { status: "done", attachment } : { status: "uploading", progress: 0 } });
    if (attachment) running.set(id, Promise.resolve(attachment));
    else void start(id, file).catch(() => undefined);
  }

  function release(id: string) {
    stops.get(id)?.abort();
    stops.delete(id);
    running.delete(id);
    clean.delete(id);
    uploadedAs.delete(id);
    const others = new Map(all.peek());
    if (others.delete(id)) all.value = others;
  }

  function retry(id: string) {
    const chosen = all.peek().get(id);
    if (chosen) void start(id, chosen.file).catch(() => undefined);
  }

  async function open(id: string) {
    if (all.peek().has(id)) return;
    const found = await stored(id);
    if (found && !all.peek().has(id) && !left.aborted) begin(id, found);
  }

  return {
    limits: adapter.uploads?.limits ?? {},
    saving: computed(() => saving.value > 0),
    get: (id) => all.value.get(id),
    add(file) {
      const id = clientId();
      begin(id, { file });
      void store(id);
      return id;
    },
    open,
    retry,
    renew(id) {
      const chosen = all.peek().get(id);
      if (!chosen) return;
      stops.get(id)?.abort();
      change(id, { state: { status: "uploading", progress: 0 } });
      const renewed = store(id, true).then(async () => {
        const now = all.peek().get(id);
        if (!now) throw new AdapterError("not-found", "the file is no longer in this browser");
        return await start(id, now.file);
      });
      running.set(id, renewed);
      renewed.catch(() => undefined);
    },
    remove(id) {
      const chosen = all.peek().get(id);
      const before = chosen && toStored(chosen);
      release(id);
      void storage.delete(keyOf(id)).catch(() => undefined);
      return () => {
        if (!before) return;
        begin(id, before);
        void store(id);
      };
    },
    release,
    async attachment(id, signal) {
      await open(id);
      signal.throwIfAborted();
      const chosen = all.peek().get(id);
      if (!chosen) throw new AdapterError("not-found", "the file is no longer in this browser");
      return await (chosen.state.status === "failed"
        ? start(id, chosen.file)
        : (running.get(id) ?? start(id, chosen.file)));
    },
  };
}

function asStored(stored: unknown): StoredFile | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `store` has written
  const record = (stored ?? {}) as Partial<StoredFile>;
  return record.file instanceof File ? { ...record, file: record.file } : undefined;
}
