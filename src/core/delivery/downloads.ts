/** The bytes of files that are kept in memory for one person. */
const keptBytes = 32 * 1024 * 1024;

/** Every file is fetched once, however often it is shown; the oldest are dropped when they take too much memory. */
export function createDownloads(fetchFile: (id: string) => Promise<Blob | undefined>) {
  const files = new Map<string, Promise<Blob | undefined>>();
  const sizes = new Map<string, number>();

  function trim() {
    let total = [...sizes.values()].reduce((one, other) => one + other, 0);
    for (const [id, size] of sizes) {
      if (total <= keptBytes) return;
      files.delete(id);
      sizes.delete(id);
      total -= size;
    }
  }

  return {
    /** A failed fetch is retried the next time. */
    async get(id: string): Promise<Blob | undefined> {
      const known = files.get(id);
      if (known) return await known;
      const loading = fetchFile(id);
      files.set(id, loading);
      try {
        const blob = await loading;
        if (files.get(id) === loading) sizes.set(id, blob?.size ?? 0);
        trim();
        return blob;
      } catch (error) {
        files.delete(id);
        throw error;
      }
    },
  };
}
