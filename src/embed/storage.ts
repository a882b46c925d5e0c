import { clear, createStore, del, delMany, get, keys, set } from "idb-keyval";
import type { Storage } from "../core/storage.ts";

/**
 * IndexedDB, since it takes files and keeps what was written through a crash of the browser (localStorage did not).
 * Opened at the first use: a page where nobody opens the widget has nothing stored.
 */
export function browserStorage(name: string): Storage {
  let opened: ReturnType<typeof createStore> | undefined;
  const store = () => (opened ??= createStore(name, "values"));
  return {
    get: async (key) => await get(key, store()),
    set: async (key, value) => await set(key, value, store()),
    delete: async (key) => await del(key, store()),
    async clear(prefix) {
      if (prefix === "") return await clear(store());
      const all = await keys(store());
      await delMany(
        all.filter((key) => typeof key === "string" && key.startsWith(prefix)),
        store(),
      );
    },
  };
}
