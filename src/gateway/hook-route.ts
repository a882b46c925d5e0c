import type { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { HookApi } from "../core/contract/adapter.ts";
import { HOOK_MAX_BYTES } from "./bounds.ts";
import { Problem } from "./problems.ts";
import type { SharedStore } from "./shared-store.ts";

/** `POST /hooks/<name>`: one copy hears the desk, all of them are told. Gives what stops it. */
export function addHookRoute(app: Hono, name: string, hook: HookApi, store: SharedStore): () => void {
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
    if (text !== undefined) await store.publish(channel, text);
    return context.body(null, 204);
  });
  return store.subscribe(channel, (text) => hook.heard(text));
}
