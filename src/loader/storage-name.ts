/**
 * The IndexedDB database of this gateway's widget. The chat page has its own: its token is only valid for the chat, and
 * must not replace the site's if both have one origin.
 */
export const storageName = (endpoint: string | undefined, view?: string): string =>
  `podpora:${endpoint ?? "adapter"}${view === "page" ? ":page" : ""}`;

/** Whether the app has stored anything here. True if the browser cannot tell. */
export async function isUsed(name: string): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some((each) => each.name === name);
  } catch {
    return true;
  }
}
