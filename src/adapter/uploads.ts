import type { CallContext, UploadsApi } from "../core/contract/adapter.ts";
import { cleanFileName } from "../core/contract/file-name.ts";
import { checkFile, fileIds, unknownFile, type HeldFiles } from "./files.ts";

export interface HeldUploadsOptions {
  readonly files: HeldFiles;
  readonly maxBytes: number;
  /** In one ticket or message. */
  readonly maxFiles: number;
  /** The files' owner, such as an address. Rejects as a call does. */
  owner(ctx: CallContext): Promise<string>;
  /** A file that the desk has. */
  download(id: string, ctx: CallContext): Promise<File>;
}

export interface DraftFile {
  readonly id: string;
  readonly file: File;
}

/** Uploads for a desk that takes files only together with a ticket or a message. */
export interface HeldUploads {
  readonly api: Required<UploadsApi>;
  /** The owner's files that a draft names. Rejects with `invalid` before anything is written. */
  of(ids: readonly string[] | undefined, owner: string): Promise<readonly DraftFile[]>;
  /** Releases files that the desk has. One that cannot be released now is deleted with the old ones. */
  release(files: readonly DraftFile[], owner: string): Promise<void>;
}

export function createHeldUploads(options: HeldUploadsOptions): HeldUploads {
  const { files, maxBytes, maxFiles } = options;
  return {
    api: {
      limits: { maxBytes, maxFiles },
      async upload(file, ctx) {
        const owner = await options.owner(ctx);
        checkFile(file, maxBytes);
        const clean = new File([file], cleanFileName(file.name), { type: file.type });
        const held = await files.hold(clean, owner, ctx.clientId, ctx.signal);
        ctx.onProgress?.(1);
        return held;
      },
      async download(id, ctx) {
        const owner = await options.owner(ctx);
        return (await files.find(id, owner)) ?? (await options.download(id, ctx));
      },
    },
    async of(ids, owner) {
      return await Promise.all(
        fileIds(ids, maxFiles).map(async (id) => {
          const file = await files.find(id, owner);
          if (file === undefined) throw unknownFile(id);
          return { id, file };
        }),
      );
    },
    async release(draftFiles, owner) {
      await Promise.allSettled(draftFiles.map(async ({ id }) => await files.release(id, owner)));
    },
  };
}
