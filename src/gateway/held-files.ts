import { createHash, randomBytes } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { HeldFiles } from "../adapter/files.ts";
import type { Attachment } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";

const record = v.object({ name: v.string(), bytes: v.number(), type: v.string() });

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const noRoom = new Set(["ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE"]);

/**
 * Files for a desk that takes them only with a ticket, in a directory that all copies of a gateway share. Each owner
 * has a folder, so that no id leads to another owner's file; files that nobody has released for a day are deleted.
 */
export function filesIn(directory: string): HeldFiles {
  let sweptAt = 0;
  const folderOf = (ownerId: string): string => join(directory, digest(ownerId));

  async function known(id: string, ownerId: string): Promise<Attachment | undefined> {
    if (!/^[0-9a-f]{40}$/.test(id)) return undefined;
    try {
      const text = await readFile(join(folderOf(ownerId), id, "record.json"), "utf8");
      return { id, ...v.parse(record, JSON.parse(text)) };
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw failure(error);
    }
  }

  async function sweep(): Promise<void> {
    if (Date.now() - sweptAt < HOUR_MS) return;
    sweptAt = Date.now();
    for (const owner of await readdir(directory)) {
      for (const name of await readdir(join(directory, owner)).catch(() => [])) {
        const path = join(directory, owner, name);
        const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
        if (Date.now() - mtimeMs > DAY_MS) await rm(path, { recursive: true, force: true });
      }
      await removeIfEmpty(join(directory, owner));
    }
  }

  return {
    async hold(file, ownerId, clientId, signal) {
      signal.throwIfAborted();
      const id = clientId === undefined ? randomBytes(20).toString("hex") : digest(ownerId, clientId);
      const before = await known(id, ownerId);
      if (before !== undefined) return before;
      const folder = folderOf(ownerId);
      const unfinished = join(folder, `.${randomBytes(8).toString("hex")}`);
      const told = { name: file.name, bytes: file.size, type: file.type };
      try {
        const make = async () => await mkdir(unfinished, { recursive: true, mode: 0o700 });
        // The owner's empty folder may be deleted at the same moment.
        await make().catch(make);
        await write(join(unfinished, "content"), file.stream(), signal);
        await write(join(unfinished, "record.json"), new Blob([JSON.stringify(told)]).stream(), signal);
        await sync(unfinished);
        await rename(unfinished, join(folder, id));
        await sync(folder);
      } catch (error) {
        await rm(unfinished, { recursive: true, force: true });
        signal.throwIfAborted();
        // The same upload was sent twice at once, and the other one was first.
        const other = await known(id, ownerId);
        if (other === undefined) throw failure(error);
        return other;
      }
      // Failing to delete old files only costs disk space.
      await sweep().catch(() => undefined);
      return { id, ...told };
    },

    async find(id, ownerId) {
      const found = await known(id, ownerId);
      if (found === undefined) return undefined;
      const content = await openAsBlob(join(folderOf(ownerId), id, "content")).catch(() => undefined);
      return content && new File([content], found.name, { type: found.type });
    },

    async release(id, ownerId) {
      if ((await known(id, ownerId)) === undefined) return;
      await rm(join(folderOf(ownerId), id), { recursive: true, force: true });
      await removeIfEmpty(folderOf(ownerId));
    },

    async erase(ownerId, remove) {
      const names = await readdir(folderOf(ownerId)).catch((error: unknown) => {
        if (codeOf(error) === "ENOENT") return [];
        throw failure(error);
      });
      if (remove) await rm(folderOf(ownerId), { recursive: true, force: true });
      return names.length;
    },
  };
}

/** Deletes the folder of an owner without files. A folder that is being filled at this moment stays. */
async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}

/** On the disk once it resolves. */
async function write(path: string, content: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
  await using handle = await open(path, "wx", 0o600);
  for await (const chunk of content) {
    signal.throwIfAborted();
    await writeWhole(handle, chunk);
  }
  await handle.sync();
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let from = 0; from < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, from);
    from += bytesWritten;
  }
}

/** The directory entry of a new name must also be on the disk. */
async function sync(directory: string): Promise<void> {
  await using handle = await open(directory, "r");
  await handle.sync();
}

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
}

function failure(cause: unknown): AdapterError {
  const message = noRoom.has(codeOf(cause)) ? "there is no room for files" : "a file could not be held";
  return new AdapterError("unavailable", message, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
