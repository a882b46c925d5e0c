import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./database.ts";

interface WriteOptions {
  readonly signal: AbortSignal;
  onProgress?: ((fraction: number) => void) | undefined;
}

const orphanAgeMs = 24 * 60 * 60 * 1000;

/** When it resolves, the whole file is on the disk as `id`; if it rejects, nothing is. */
export async function writeDurably(folder: string, id: string, file: File, options: WriteOptions): Promise<void> {
  const temporary = join(folder, `${id}.part`);
  try {
    await using handle = await open(temporary, "wx", 0o600);
    let written = 0;
    for await (const chunk of file.stream()) {
      options.signal.throwIfAborted();
      await handle.writeFile(chunk);
      written += chunk.byteLength;
      options.onProgress?.(written / file.size);
    }
    await handle.sync();
    options.signal.throwIfAborted();
    await rename(temporary, join(folder, id));
    await using parent = await open(folder, "r");
    await parent.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Deletes files without a database row, such as uploads interrupted by a crash. */
export async function sweepFiles(database: Database, directory: string, now: () => number): Promise<void> {
  const folder = join(directory, "files");
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (database.one("SELECT 1 FROM attachments WHERE id = ?", name)) continue;
    // A recent file may be another process's running upload.
    const { mtimeMs } = await stat(join(folder, name));
    if (now() - mtimeMs > orphanAgeMs) await rm(join(folder, name), { force: true });
  }
}
