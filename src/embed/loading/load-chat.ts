import type * as Chat from "../../ui/chat/index.ts";

let loading: Promise<typeof Chat> | undefined;

/** The chat: model, screen and style. What can't be fetched now may be there the next time. */
export async function loadChat(): Promise<typeof Chat> {
  loading ??= import("../../ui/chat/index.ts");
  loading.catch(() => (loading = undefined));
  return await loading;
}
