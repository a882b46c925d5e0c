/** The IndexedDB database of this gateway's widget. */
export const storageName = (endpoint: string | undefined): string => `podpora:${endpoint ?? "adapter"}`;

/** Whether the app has stored anything here. A browser that does not tell may have. */
export async function isUsed(name: string): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some((each) => each.name === name);
  } catch {
    return true;
  }
}
