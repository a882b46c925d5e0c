import type { Storage } from "../../core/delivery/storage.ts";

/** The address of an unfinished upload on the server, stored so that it continues after a reload. */
export function uploadUrls(storage: Storage) {
  const key = (id: string) => `upload/${id}`;
  return {
    async get(id: string): Promise<string | undefined> {
      const url = await storage.get(key(id)).catch(() => undefined);
      return typeof url === "string" ? url : undefined;
    },
    async set(id: string, url: string | undefined): Promise<void> {
      await (url === undefined ? storage.delete(key(id)) : storage.set(key(id), url)).catch(() => undefined);
    },
  };
}
