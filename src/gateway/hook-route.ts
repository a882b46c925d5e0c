import type { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { HookApi } from "../core/contract/adapter.ts";
import { HOOK_MAX_BYTES } from "./bounds.ts";
import { Problem } from "./problems.ts";
import type { Feed } from "./feed/feed.ts";
import type { SharedStore } from "./shared-store.ts";

/** The desk sends a web hook while it is still writing: the change may become visible a little later. */
const SHOWS_MS = 4000;

/** `POST /hooks/<name>`: one copy receives the hook and notifies all others. Returns a function that unsubscribes. */
export function addHookRoute(
  app: Hono,
  name: string,
  hook: HookApi,
  store: SharedStore,
  feed: Feed | undefined,
): () => void {
  const channel = `hook:${name}`;
  const limit = bodyLimit({
    maxSize: HOOK_MAX_BYTES,
    onError: () => {
      throw new Problem("too-large", `a web hook may have ${HOOK_MAX_BYTES} bytes`);
    },
  });
  app.post(`/hooks/${name}`, limit, async (context) => {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const text = await hook.accept(context.req.raw.headers, new TextDecoder().decode(bytes), bytes);
    if (text !== undefined) {
      await store.publish(channel, text);
      feed?.wake(SHOWS_MS);
    }
    return context.body(null, 204);
  });
  return store.subscribe(channel, (text) => hook.heard(text));
}
