import type { Adapter, HookApi } from "../core/contract/adapter.ts";
import { createFeed } from "../gateway/feed/feed.ts";
import { hasFeed } from "../gateway/feed/feed-adapter.ts";
import { memoryStore } from "../gateway/memory-store.ts";
import { servedAdapter } from "../gateway/served-adapter.ts";
import type { SharedStore } from "../gateway/shared-store.ts";

/** As the gateway says it to a web hook that it has taken. */
const SHOWS_MS = 4000;

/**
 * The adapter as the gateway serves it: what it tells by `changes` comes as `tickets.events`. Copies that are given the same store
 * share one feed.
 */
export function withGateway(adapter: Adapter, store: SharedStore = memoryStore()): Adapter {
  const feed = hasFeed(adapter) ? createFeed({ adapter, store, onError: () => undefined }) : undefined;
  const hooks = Object.entries(adapter.hooks ?? {}).map(([name, hook]): [string, HookApi] => [
    name,
    {
      accept: async (...given) => await hook.accept(...given),
      heard(text) {
        hook.heard(text);
        feed?.wake(SHOWS_MS);
      },
    },
  ]);
  const { changes: _, people: __, ...served } = servedAdapter(adapter, feed);
  return {
    ...served,
    ...(adapter.hooks === undefined ? {} : { hooks: Object.fromEntries(hooks) }),
    async dispose() {
      feed?.dispose();
      await adapter.dispose?.();
    },
  };
}
