import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./database.ts";

interface WriteOptions {
  readonly signal: AbortSignal;
  onProgress?: ((fraction: number) => void) | undefined;
}

const orphanAgeMs = 24 * 60 * 60 * 1000;

/** When it resolves, all bytes are on the disk under `id`; when it rejects, nothing is. */
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

/** Takes away the bytes that have no row, such as those of uploads that a crash cut short. */
export async function sweepFiles(database: Database, directory: string, now: () => number): Promise<void> {
  const folder = join(directory, "files");
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (database.one("SELECT 1 FROM attachments WHERE id = ?", name)) continue;
    // Younger ones may be another process's upload that is still under way.
    const { mtimeMs } = await stat(join(folder, name));
    if (now() - mtimeMs > orphanAgeMs) await rm(join(folder, name), { force: true });
  }
}
